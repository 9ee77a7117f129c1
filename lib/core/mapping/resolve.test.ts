import { describe, expect, it } from "vitest";
import { resolveMapping } from "@/lib/core/mapping/resolve";
import type { MappingEntry } from "@/lib/core/mapping/types";
import { TRIPS } from "@/lib/core/templates/trips";

const COLUMNS = ["Land", "Von", "Bis", "Ref"];

function codes(mapping: MappingEntry[]): string[] {
  return resolveMapping(mapping, COLUMNS, TRIPS.fields).problems.map(({ code }) => code);
}

describe("resolving a mapping", () => {
  it("binds fields to columns, created fields last, and names required ones left out", () => {
    const resolved = resolveMapping(
      [
        { column: "Land", field: "country" },
        { column: "Von", field: "entryDate" },
        { column: "Bis", field: null },
        { column: "Ref", create: { name: "ref", type: "text" } },
      ],
      COLUMNS,
      TRIPS.fields,
    );
    expect(resolved).toEqual({
      columnIndexes: [0, 1, -1, -1, -1, -1, -1, 3],
      createdFields: [{ name: "ref", label: "Ref", type: "text", required: false }],
      missingRequired: ["visaType"],
      problems: [],
    });
  });

  it("reports what cannot be followed and keeps the first claim on a field", () => {
    const mapping: MappingEntry[] = [
      { column: "Nope", field: "country" },
      { column: "Land", field: "country" },
      { column: "Land", field: "notes" },
      { column: "Von", field: "country" },
      { column: "Bis", field: "colour" },
    ];
    const { columnIndexes, problems } = resolveMapping(mapping, COLUMNS, TRIPS.fields);
    expect(columnIndexes.filter((index) => index >= 0)).toEqual([0]);
    expect(problems.map(({ code, column }) => [code, column])).toEqual([
      ["unknown-column", "Nope"],
      ["column-mapped-twice", "Land"],
      ["field-mapped-twice", "Von"],
      ["unknown-field", "Bis"],
    ]);
  });

  it("refuses names that are taken or cannot be names", () => {
    expect(codes([{ column: "Ref", create: { name: "Country", type: "text" } }])).toEqual(["field-exists"]);
    expect(codes([{ column: "Ref", create: { name: "a b", type: "text" } }])).toEqual(["invalid-field-name"]);
    expect(codes([{ column: "Ref", create: { name: "__proto__", type: "text" } }])).toEqual([
      "invalid-field-name",
    ]);
  });
});
