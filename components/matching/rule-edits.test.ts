import { describe, expect, it } from "vitest";
import { FIELD_TYPES, type Field } from "@/lib/core/fields/types";
import type { MatchRule } from "@/lib/core/matching/types";
import {
  comparatorOf,
  comparatorsFor,
  isSameRule,
  problemsOf,
  shareOf,
  withAddedField,
  withField,
} from "./rule-edits";

const country: Field = { name: "country", label: "Country", type: "text", required: true };
const entry: Field = { name: "entryDate", label: "Entry Date", type: "date", required: true };
const rule: MatchRule = {
  fields: [
    { field: "country", comparator: { kind: "exact" }, weight: 400, confidenceWeight: 300, required: true },
    {
      field: "entryDate",
      comparator: { kind: "days", tolerance: 1 },
      weight: 600,
      confidenceWeight: 300,
      required: false,
    },
  ],
  threshold: 800,
  suggest: { skipFrom: 900, askFrom: 700 },
};

it("offers every kind of field a comparator", () => {
  for (const type of FIELD_TYPES) {
    const kinds = comparatorsFor({ ...country, type });
    expect(kinds).toContain("exact");
    for (const kind of kinds) expect(comparatorOf(kind).kind).toBe(kind);
  }
});

it("tells each field's share of the whole", () => {
  expect(shareOf(rule, (f) => f.weight, "country")).toBe(0.4);
  expect(shareOf(rule, (f) => f.weight, "notes")).toBe(0);
});

it("adds a field with the comparator of its type", () => {
  const added = withAddedField({ ...rule, fields: [] }, entry);
  expect(added.fields[0]?.comparator).toEqual({ kind: "days", tolerance: 1 });
});

describe("problemsOf", () => {
  it("finds none in a sound rule", () => {
    expect(problemsOf(rule).size).toBe(0);
  });
  it("refuses a rule by which nothing or everything matches", () => {
    expect(problemsOf({ ...rule, fields: [] }).get("")).toContain("at least one field");
    const weightless = withField(withField(rule, "country", { weight: 0 }), "entryDate", { weight: 0 });
    expect(problemsOf(weightless).get("")).toContain("nothing ever matches");
    expect(problemsOf({ ...rule, threshold: 0 }).has("threshold")).toBe(true);
  });
  it("refuses limits in the wrong order and broken tolerances", () => {
    expect(problemsOf({ ...rule, suggest: { skipFrom: 500, askFrom: 700 } }).has("suggest")).toBe(true);
    const half = withField(rule, "entryDate", { comparator: { kind: "days", tolerance: 0.5 } });
    expect(problemsOf(half).get("entryDate")).toBe("Whole days only.");
  });
});

it("knows a rule again, whatever the order of its keys", () => {
  const other: MatchRule = {
    suggest: { askFrom: 700, skipFrom: 900 },
    threshold: 800,
    fields: rule.fields.map((f) => ({ ...f, comparator: { ...f.comparator } })),
  };
  expect(isSameRule(rule, other)).toBe(true);
  expect(isSameRule(rule, withField(rule, "country", { weight: 401 }))).toBe(false);
});
