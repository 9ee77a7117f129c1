import { expect, it } from "vitest";
import { openStore } from "@/lib/storage/open";

it.each(["https://example.com/store", "/var/lib/ferry", ""])("refuses %j in words", (url) => {
  expect(() => openStore(url)).toThrow(/STORAGE_URL must begin with "file:" .* or "s3:"/);
});
