import type { Field } from "@/lib/core/fields/types";
import type { Comparator, MatchField, MatchRule } from "@/lib/core/matching/types";

export type ComparatorKind = Comparator["kind"];

const DAYS_USUAL = 1;
const TOLERANCE_USUAL = 1;
const WEIGHT_USUAL = 100;

/** Comparators that make sense for a field, the most usual first. */
export function comparatorsFor(field: Field): ComparatorKind[] {
  switch (field.type) {
    case "date":
    case "datetime":
      return ["days", "exact"];
    case "integer":
    case "decimal":
      return ["number", "exact"];
    case "boolean":
    case "reference":
      return ["exact"];
    case "enum":
    case "media":
      return ["exact", "folded"];
    case "text":
    case "url":
      return ["folded", "text", "exact"];
  }
}

export function comparatorOf(kind: ComparatorKind): Comparator {
  if (kind === "days") return { kind, tolerance: DAYS_USUAL };
  if (kind === "number") return { kind, tolerance: TOLERANCE_USUAL };
  return { kind };
}

export function withField(rule: MatchRule, name: string, part: Partial<MatchField>): MatchRule {
  return { ...rule, fields: rule.fields.map((f) => (f.field === name ? { ...f, ...part } : f)) };
}

export function withoutField(rule: MatchRule, name: string): MatchRule {
  return { ...rule, fields: rule.fields.filter((f) => f.field !== name) };
}

export function withAddedField(rule: MatchRule, field: Field): MatchRule {
  const [kind = "exact"] = comparatorsFor(field);
  const added: MatchField = {
    field: field.name,
    comparator: comparatorOf(kind),
    weight: WEIGHT_USUAL,
    confidenceWeight: WEIGHT_USUAL,
    required: false,
  };
  return { ...rule, fields: [...rule.fields, added] };
}

/** A field's share of the whole, 0 … 1. */
export function shareOf(rule: MatchRule, weight: (field: MatchField) => number, name: string): number {
  const whole = rule.fields.reduce((sum, field) => sum + weight(field), 0);
  const own = rule.fields.find((field) => field.field === name);
  return whole === 0 || !own ? 0 : weight(own) / whole;
}

/** What keeps a rule from being used, in words; by the name of the field, or "" for the rule as a whole. */
export function problemsOf(rule: MatchRule): Map<string, string> {
  const problems = new Map<string, string>();
  if (rule.fields.length === 0) problems.set("", "Choose at least one field to compare.");
  else if (rule.fields.every((field) => field.weight === 0))
    problems.set("", "Give at least one field a weight above 0, or nothing ever matches.");
  if (rule.suggest.askFrom > rule.suggest.skipFrom)
    problems.set("suggest", "“Ask from” has to be at or below “skip from”.");
  if (rule.threshold < 1)
    problems.set("threshold", "With a threshold of 0 everything would match everything.");
  for (const { field, comparator } of rule.fields) {
    if ("tolerance" in comparator && comparator.tolerance < 0)
      problems.set(field, "The tolerance cannot be below 0.");
    else if (comparator.kind === "days" && !Number.isInteger(comparator.tolerance))
      problems.set(field, "Whole days only.");
  }
  return problems;
}

/** Equal as rules: what the person would have to save. */
export function isSameRule(a: MatchRule, b: MatchRule): boolean {
  return JSON.stringify(normalised(a)) === JSON.stringify(normalised(b));
}

/** The same keys in the same order, whoever made the rule. */
function normalised({ fields, threshold, suggest }: MatchRule): MatchRule {
  return {
    fields: fields.map(({ field, comparator, weight, confidenceWeight, required }) => ({
      field,
      comparator:
        "tolerance" in comparator
          ? { kind: comparator.kind, tolerance: comparator.tolerance }
          : { kind: comparator.kind },
      weight,
      confidenceWeight,
      required,
    })),
    threshold,
    suggest: { skipFrom: suggest.skipFrom, askFrom: suggest.askFrom },
  };
}
