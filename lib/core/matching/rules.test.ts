import { describe, expect, it } from "vitest";
import type { Field } from "@/lib/core/fields/types";
import { TEMPLATES } from "@/lib/core/templates/templates";
import { TRIPS } from "@/lib/core/templates/trips";
import { defaultRule, ruleOf } from "./rules";
import { isMatch, scoreMatch, suggestedAction } from "./score";
import { validateRule } from "./validate";

const field = (name: string, type: Field["type"], required = false): Field => ({
  name,
  label: name,
  type,
  required,
});
const trips = defaultRule({ ...TRIPS, template: "trips" });
const trip = {
  country: "Peru",
  entryDate: "2024-02-28",
  exitDate: "2024-03-09",
  visaType: "tourist",
  passportCountry: "France",
};

describe("the rule of trips", () => {
  it.each([
    ["the same trip", {}, 1000, 1000, true, "skip"],
    ["case and accents", { country: "PERÚ", visaType: "Tourist" }, 1000, 1000, true, "skip"],
    ["entry a day later, over a leap day", { entryDate: "2024-02-29" }, 850, 850, true, "ask"],
    ["entry two days later", { entryDate: "2024-03-01" }, 700, 700, false, "ask"],
    ["exit a day later", { exitDate: "2024-03-10" }, 900, 900, true, "skip"],
    ["another exit", { exitDate: "2024-05-10" }, 800, 800, true, "ask"],
    ["another exit and visa", { exitDate: "2024-05-10", visaType: "business" }, 700, 700, false, "ask"],
    ["another passport", { passportCountry: "Japan" }, 1000, 900, true, "skip"],
    ["another country", { country: "Chile" }, 600, 700, false, "ask"],
    [
      "another exit, visa, passport",
      { exitDate: "", visaType: "x", passportCountry: "Japan" },
      700,
      600,
      false,
      "overwrite",
    ],
  ])("scores %s as S5.2 says", (_, change, score, confidence, matches, action) => {
    const found = scoreMatch(trips, trip, { ...trip, ...change });
    expect([found.score, found.confidence]).toEqual([score, confidence]);
    expect(isMatch(trips, found)).toBe(matches);
    expect(suggestedAction(trips, found.confidence)).toBe(action);
  });
});

describe("default rules", () => {
  it.each(TEMPLATES.map((t) => [t.id, t] as const))("%s: fits the template's fields", (id, template) => {
    const rule = defaultRule({ ...template, template: id });
    expect(validateRule(rule, template.fields)).toEqual([]);
    expect(rule.fields.reduce((sum, f) => sum + f.weight, 0)).toBe(1000);
    expect(rule.fields.reduce((sum, f) => sum + f.confidenceWeight, 0)).toBe(1000);
  });

  it("take a table's key without case and accents; the rest only speaks for confidence", () => {
    const fields = [
      field("sku", "text"),
      field("no", "integer"),
      field("when", "date"),
      field("note", "text"),
    ];
    const rule = defaultRule({ fields, keyFields: ["sku", "no"] });
    expect(validateRule(rule, fields)).toEqual([]);
    const a = { sku: "Ä-1", no: 7, note: "x" };
    expect(isMatch(rule, scoreMatch(rule, a, { sku: "a-1", no: 7, note: "other" }))).toBe(true);
    expect(isMatch(rule, scoreMatch(rule, a, { ...a, no: 8 }))).toBe(false);
  });

  it("compare all fields of a table without a key, the first required one foremost", () => {
    const fields = [field("a", "text"), field("b", "text", true), field("c", "boolean")];
    const rule = defaultRule({ fields, keyFields: [] });
    expect(rule.fields.filter((f) => f.required).map((f) => f.field)).toEqual(["b"]);
    expect(validateRule(rule, fields)).toEqual([]);
  });

  it("fall back to the key where a template's fields have been changed beyond use", () => {
    const fields = [field("name", "text")];
    expect(defaultRule({ template: "trips", fields, keyFields: ["name"] }).fields[0]!.field).toBe("name");
  });
});

describe("a rule of one's own", () => {
  it("loses the fields that it no longer fits, and gives way when nothing is left", () => {
    const kept = ruleOf({ ...TRIPS, template: "trips", matching: { ...trips, threshold: 600 } });
    expect(kept.threshold).toBe(600);
    const fields = [field("country", "text"), field("entryDate", "text")];
    const fitting = ruleOf({ template: "trips", fields, keyFields: [], matching: trips });
    expect(fitting.fields.map((f) => f.field)).toEqual(["country"]);
    const other = ruleOf({ fields: [field("x", "text")], keyFields: ["x"], matching: trips });
    expect(other.fields.map((f) => f.field)).toEqual(["x"]);
  });

  it("is told everything that is wrong with it, place by place", () => {
    const broken = {
      fields: [
        { ...trips.fields[0]!, comparator: { kind: "days" as const, tolerance: 1.5 }, weight: 0 },
        { ...trips.fields[0]!, weight: 0, confidenceWeight: 2000 },
        { ...trips.fields[0]!, weight: 0, field: "nowhere" },
      ],
      threshold: 0,
      suggest: { skipFrom: 500, askFrom: 700 },
    };
    expect(validateRule(broken, TRIPS.fields).map((p) => p.path)).toEqual([
      "fields.0.comparator",
      "fields.0.comparator.tolerance",
      "fields.1.field",
      "fields.1.confidenceWeight",
      "fields.2.field",
      "fields",
      "threshold",
      "suggest",
    ]);
  });
});
