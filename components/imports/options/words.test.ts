import { describe, expect, it } from "vitest";
import { ImportOptionsShape, type ImportOptions } from "@/lib/contracts/imports";
import { TRIPS } from "@/lib/core/templates/trips";
import { inOneSentence, unusual } from "./words";

const usual = ImportOptionsShape.parse({});
const said = (part: Partial<ImportOptions>, intoExisting = true) =>
  unusual({
    options: { ...usual, ...part },
    fields: TRIPS.fields,
    fileName: "trips 2026-11-22.csv",
    collectionId: intoExisting ? "c1" : null,
  });

describe("the summary of options", () => {
  it("is empty when nothing was changed", () => {
    expect(said({})).toEqual([]);
  });

  it("names what was changed, by the fields' own names", () => {
    expect(
      said({
        strategy: "updateOnly",
        matching: { mode: "fuzzy", criteria: ["country", "entryDate"] },
        onConflict: "overwrite",
        threeWay: false,
        sourceName: "Office",
        validation: { strict: true, skipInvalid: true, rules: [] },
      }),
    ).toEqual([
      "Known rows only",
      "Matching by likeness",
      "Known by Country, Entry Date",
      "Clashes: take the file’s values",
      "Every difference is a clash",
      "Source “Office”",
      "All or nothing",
    ]);
  });

  it("knows the file's own name as the usual source", () => {
    expect(said({ sourceName: "Trips" })).toEqual([]);
  });

  it("says nothing of clashes where none can arise", () => {
    expect(said({ strategy: "replace", onConflict: "skip", threeWay: false })).toEqual([
      "Replace the collection",
    ]);
  });

  it("says nothing of known rows for a new collection", () => {
    expect(said({ strategy: "updateOnly", onConflict: "skip" }, false)).toEqual([]);
  });
});

it("tells in one sentence what happens", () => {
  expect(inOneSentence(usual, true)).toBe(
    "Add new rows and update known ones. Where both clash, you are asked.",
  );
  expect(inOneSentence({ ...usual, strategy: "replace" }, true)).toBe("Replace the collection by the file.");
  expect(inOneSentence(usual, false)).toBe("Every row becomes a record of the new collection.");
});
