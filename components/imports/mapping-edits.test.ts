import { describe, expect, it } from "vitest";
import type { MappingEntry } from "@/lib/contracts/imports";
import type { Field } from "@/lib/core/fields/types";
import {
  CHOICE_CREATE,
  CHOICE_IGNORE,
  changedSource,
  existingFields,
  missingRequired,
  withChoice,
} from "./mapping-edits";

const country: Field = { name: "country", label: "Country", type: "text", required: true };
const notes: Field = { name: "notes", label: "Notes", type: "text", required: false };
const mapping: MappingEntry[] = [
  { column: "Land", field: "country" },
  { column: "Memo", field: "notes" },
  { column: "Junk", field: null },
];

describe("withChoice", () => {
  it("takes a field away from the column that had it", () => {
    expect(withChoice(mapping, "Junk", "notes", [])).toEqual([
      { column: "Land", field: "country" },
      { column: "Memo", field: null },
      { column: "Junk", field: "notes" },
    ]);
  });
  it("names a new field after its column, beside names that are taken", () => {
    expect(withChoice(mapping, "Junk", CHOICE_CREATE, ["junk"]).at(-1)).toEqual({
      column: "Junk",
      create: { name: "junk2", label: "Junk", type: "text" },
    });
  });
  it("adds a column that the mapping did not mention", () => {
    expect(withChoice(mapping, "New", CHOICE_IGNORE, [])).toHaveLength(4);
  });
});

it("counts a required field that nothing feeds as missing", () => {
  expect(missingRequired([country, notes], withChoice(mapping, "Land", CHOICE_IGNORE, []))).toEqual([
    country,
  ]);
});

it("knows which fields the import itself creates", () => {
  const created = withChoice(mapping, "Memo", CHOICE_CREATE, ["country"]);
  const memo: Field = { name: "memo", label: "Memo", type: "text", required: false };
  expect(existingFields([country, memo], created)).toEqual([country]);
});

describe("changedSource", () => {
  const source = { format: "csv", encoding: "utf-8", delimiter: ";", quote: '"', headerRow: 3 } as const;
  it("detects delimiter and header anew under another encoding", () => {
    expect(changedSource(source, { encoding: "shift_jis" })).toEqual({
      format: "csv",
      encoding: "shift_jis",
    });
  });
  it("detects everything anew of another file in an archive, and keeps the file where its encoding is told", () => {
    const packed = { ...source, sheet: 2 };
    expect(changedSource(packed, { sheet: 1 })).toEqual({ sheet: 1 });
    expect(changedSource(packed, { encoding: "shift_jis" })).toMatchObject({
      sheet: 2,
      encoding: "shift_jis",
    });
  });
  it("keeps everything when only the header row is corrected", () => {
    expect(changedSource(source, { headerRow: 2 })).toEqual({ ...source, headerRow: 2 });
  });
});
