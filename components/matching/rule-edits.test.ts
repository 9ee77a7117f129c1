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
  const fields = [country, entry];
  it("finds none in a sound rule", () => {
    expect(problemsOf(rule, fields).size).toBe(0);
  });
  it("tells those of the whole apart from those of a field and of a limit", () => {
    const half = withField(rule, "entryDate", { comparator: { kind: "days", tolerance: 0.5 } });
    const broken = { ...half, threshold: 0, suggest: { skipFrom: 500, askFrom: 700 } };
    expect([...problemsOf(broken, fields).keys()]).toEqual(["entryDate", "threshold", "suggest"]);
    expect([...problemsOf({ ...rule, fields: [] }, fields).keys()]).toEqual([""]);
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
