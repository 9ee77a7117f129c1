import { expect, it } from "vitest";
import { CreateExportBody } from "@/lib/contracts/exports";
import { newDraft, requestOf } from "./draft";

it("asks for no more than what was chosen, as the API takes it", () => {
  const plain = requestOf(newDraft("all"));
  expect(plain).toEqual({
    format: "csv",
    collections: "all",
    csv: { bom: true, delimiter: ",", formulaSafe: true },
  });
  const full = requestOf({
    ...newDraft(["018f0000-0000-7000-8000-000000000000"]),
    format: "json",
    categories: ["analytics"],
    fields: ["city"],
    range: { field: "", start: "2024-01-01", end: "" },
    filters: [
      { key: 1, field: "city", op: "eq", value: " Rome " },
      { key: 2, field: "city", op: "empty", value: "left over" },
      { key: 3, field: "city", op: "contains", value: "" },
    ],
    metadata: true,
    privacy: "anonymize",
    compression: "gzip",
  });
  expect(full).toMatchObject({
    dateRange: { start: "2024-01-01" },
    filter: [
      { field: "city", op: "eq", value: "Rome" },
      { field: "city", op: "empty" },
    ],
    privacy: { anonymize: true },
    compression: { algorithm: "gzip", level: 6 },
  });
  expect(full).not.toHaveProperty("csv");
  expect(() => CreateExportBody.parse(full)).not.toThrow();
});

it("never compresses a workbook again", () => {
  const request = requestOf({ ...newDraft("all"), format: "xlsx", compression: "gzip" });
  expect(request).toEqual({ format: "xlsx", collections: "all" });
});
