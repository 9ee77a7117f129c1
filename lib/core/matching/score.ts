import type { RecordData } from "@/lib/core/fields/types";
import { likeness } from "./likeness";
import type { FieldEvidence, MatchRule, MatchScore } from "./types";

/**
 * How far two records are the same one, field by field and as a whole, in thousandths. The same from both sides. Without
 * confidence weights the confidence is the score. It is the definition that db/bulk/match-score.ts states in SQL.
 */
export function scoreMatch(rule: MatchRule, a: RecordData, b: RecordData): MatchScore {
  const evidence = rule.fields.map((f): FieldEvidence => ({
    field: f.field,
    comparator: f.comparator,
    weight: f.weight,
    confidenceWeight: f.confidenceWeight,
    score: likeness(f.comparator, valueOf(a, f.field), valueOf(b, f.field)),
  }));
  const score = weighted(evidence, (f) => f.weight) ?? 0;
  return { score, confidence: weighted(evidence, (f) => f.confidenceWeight) ?? score, evidence };
}

function valueOf(data: RecordData, field: string) {
  return Object.hasOwn(data, field) ? data[field] : undefined;
}

function weighted(evidence: FieldEvidence[], weightOf: (field: FieldEvidence) => number): number | undefined {
  const whole = evidence.reduce((sum, f) => sum + weightOf(f), 0);
  if (whole === 0) return undefined;
  return Math.floor(evidence.reduce((sum, f) => sum + weightOf(f) * f.score, 0) / whole);
}

/** True when a score makes two records one: it reaches the threshold, and no required field is wholly different. */
export function isMatch(rule: MatchRule, { score, evidence }: MatchScore): boolean {
  return score >= rule.threshold && evidence.every((f, i) => f.score > 0 || !rule.fields[i]!.required);
}

/** What is proposed for a match of that confidence (S5.2). */
export function suggestedAction(rule: MatchRule, confidence: number): "skip" | "ask" | "overwrite" {
  if (confidence >= rule.suggest.skipFrom) return "skip";
  return confidence >= rule.suggest.askFrom ? "ask" : "overwrite";
}
