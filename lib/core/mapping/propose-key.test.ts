import { expect, it } from "vitest";
import type { FieldType } from "@/lib/core/fields/types";
import { proposeKey } from "./propose-key";

/** The proposal for a table of texts with these columns; a column's type may stand in front of its cells. */
function proposed(columns: Record<string, string[]>, types: Record<string, FieldType> = {}): string[] {
  const names = Object.keys(columns);
  const rows = Math.max(...Object.values(columns).map((cells) => cells.length));
  return proposeKey({
    fields: names.map((name) => ({ name, label: name, type: types[name] ?? "text", required: false })),
    columnIndexes: names.map((_, i) => i),
    columns: names,
    sampleRows: Array.from({ length: rows }, (_, row) => names.map((name) => columns[name]![row] ?? "")),
  });
}

it("finds an identifier by its name in the first column, and alone in any", () => {
  expect(proposed({ "Report No.": ["BS-1", "BS-2"], State: ["TX", "TX"] })).toEqual(["Report No."]);
  expect(proposed({ orderId: ["7", "9"], Total: ["1", "2"] })).toEqual(["orderId"]);
  expect(proposed({ Name: ["Ada", "Grace"], ID: ["a", "b"] })).toEqual(["ID"]);
  expect(proposed({ Mã: ["a", "b"], Tên: ["x", "y"] })).toEqual(["Mã"]);
});

it("prefers a whole name to one with more words before it", () => {
  expect(proposed({ "Batch Ref": ["1", "2"], Sku: ["a", "b"] })).toEqual(["Sku", "Batch Ref"]);
});

it("does not take what several rows may share", () => {
  expect(proposed({ Item: ["x", "y"], "Customer ID": ["1", "2"] })).toEqual([]);
  expect(proposed({ "Phone Number": ["1", "2"], Name: ["x", "y"] })).toEqual([]);
  expect(proposed({ ID: ["a", "a"], Name: ["x", "y"] })).toEqual([]);
  expect(proposed({ ID: ["a", ""], Name: ["x", "y"] })).toEqual([]);
});

it("does not take the number of the line for a name of the row", () => {
  expect(proposed({ "No.": ["1", "2", "3"], Name: ["x", "y", "z"] })).toEqual([]);
  expect(proposed({ "No.": ["104", "77", "3"], Name: ["x", "y", "z"] })).toEqual(["No."]);
  expect(proposed({ id: ["1", "2", "3"], Name: ["x", "y", "z"] })).toEqual(["id"]);
});

it("takes texts and whole numbers only, and nothing from a single row", () => {
  expect(proposed({ Code: ["1.5", "2.5"] }, { Code: "decimal" })).toEqual([]);
  expect(proposed({ Code: ["12", "25"] }, { Code: "integer" })).toEqual(["Code"]);
  expect(proposed({ ID: ["a"], Name: ["x"] })).toEqual([]);
});
