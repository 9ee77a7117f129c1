import type { Field } from "@/lib/core/fields/types";
import { fits, usualComparator } from "@/lib/core/matching/comparators";
import type { Comparator, MatchField, MatchRule } from "@/lib/core/matching/types";
import { validateRule } from "@/lib/core/matching/validate";

export type ComparatorKind = Comparator["kind"];

/** Every kind, from the most to the least forgiving. */
const KINDS: readonly ComparatorKind[] = ["text", "folded", "days", "number", "exact"];
const WEIGHT_USUAL = 100;

/** Comparators that make sense for a field. */
export function comparatorsFor({ type }: Field): ComparatorKind[] {
  return KINDS.filter((kind) => fits(comparatorOf(kind), type));
}

export function comparatorOf(kind: ComparatorKind): Comparator {
  if (kind === "days") return { kind, tolerance: 1 };
  return kind === "number" ? { kind, tolerance: 0 } : { kind };
}

export function withField(rule: MatchRule, name: string, part: Partial<MatchField>): MatchRule {
  return { ...rule, fields: rule.fields.map((f) => (f.field === name ? { ...f, ...part } : f)) };
}

export function withoutField(rule: MatchRule, name: string): MatchRule {
  return { ...rule, fields: rule.fields.filter((f) => f.field !== name) };
}

export function withAddedField(rule: MatchRule, field: Field): MatchRule {
  const added: MatchField = {
    field: field.name,
    comparator: usualComparator(field.type),
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

/** What keeps a rule from being used, in words: by a field's name, by "threshold" or "suggest", or "" for the whole. */
export function problemsOf(rule: MatchRule, fields: readonly Field[]): Map<string, string> {
  return new Map(
    validateRule(rule, fields).map(({ path, message }) => {
      const [part = "", index] = path.split(".");
      const place = part === "fields" ? (rule.fields[Number(index)]?.field ?? "") : part;
      return [place, message];
    }),
  );
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
