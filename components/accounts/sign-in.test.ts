import { expect, it } from "vitest";
import { safeNext } from "./sign-in";

it("keeps a path of this site", () => {
  expect(safeNext("/imports/1?step=check")).toBe("/imports/1?step=check");
});

it.each([
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  null,
  undefined,
])("does not lead elsewhere: %s", (next) => {
  expect(safeNext(next)).toBe("/");
});
