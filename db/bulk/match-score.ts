import { literal } from "./key-hash";

/** The shape of lib/core/matching MatchField, which this layer may not import. */
export interface ScoredField {
  field: string;
  comparator:
    | { kind: "exact" | "folded" | "text" }
    | { kind: "days"; tolerance: number }
    | { kind: "number"; tolerance: number };
  /** Thousandths. */
  weight: number;
  confidenceWeight: number;
  required: boolean;
}

/** The shape of lib/core/matching MatchRule. */
export interface ScoringRule {
  fields: readonly ScoredField[];
  /** Thousandths. */
  threshold: number;
}

/** Full marks, as in lib/core/matching/likeness.ts. */
export const ALIKE = 1000;
export const NEAR = 500;
/** levenshtein() takes no longer texts. */
const COMPARED_CHARACTERS_MAX = 255;
const NUMERAL_CHARS_MAX = 1200;

/**
 * SQL text of what a comparator looks at: jsonb (exact), text (folded, text), integer days or numeric; null stands for
 * an empty value. `data` is a jsonb expression.
 */
export function comparable(scored: ScoredField, data: string): string {
  return comparableOf(
    scored,
    `(${data} -> ${literal(scored.field)})`,
    `(${data} ->> ${literal(scored.field)})`,
  );
}

/** The same of a field's value (jsonb) and its text. */
export function comparableOf({ comparator }: ScoredField, value: string, text: string): string {
  switch (comparator.kind) {
    case "exact":
      return value;
    case "folded":
      return `ferry_fold(${text})`;
    case "text":
      return `left(ferry_fold(${text}), ${COMPARED_CHARACTERS_MAX})`;
    case "days":
      return `ferry_day(${text})`;
    case "number":
      return `case when jsonb_typeof(${value}) = 'boolean' then null
        when length(${text}) <= ${NUMERAL_CHARS_MAX} and ${text} ~ '^-?[0-9]+([.][0-9]+)?$' then ${text}::numeric end`;
  }
}

/** The same as narrow as it gets: where only equality counts, 64 bits of it stand for the value. */
export function comparableHash(field: ScoredField, data: string): string {
  const value = comparable(field, data);
  if (field.comparator.kind === "exact") return `jsonb_hash_extended(${value}, 0)`;
  return field.comparator.kind === "folded" ? `hashtextextended(${value}, 0)` : value;
}

/**
 * SQL text of how alike two comparables are: an integer, 0 … 1000. It is what lib/core/matching/likeness.ts says, proven
 * by a property test. Integers only: numeric arithmetic is several times slower.
 */
function likenessExpression({ comparator }: ScoredField, a: string, b: string): string {
  const bothEmpty = `when ${a} is null and ${b} is null then ${ALIKE}`;
  switch (comparator.kind) {
    case "exact":
    case "folded":
      return `case when ${a} = ${b} then ${ALIKE} ${bothEmpty} else 0 end`;
    case "text":
      return `case when ${a} = ${b} then ${ALIKE} ${bothEmpty} when ${a} is null or ${b} is null then 0
        else (greatest(length(${a}), length(${b})) - levenshtein(${a}, ${b})) * ${ALIKE} / greatest(length(${a}), length(${b})) end`;
    case "days":
      return `case when ${a} = ${b} then ${ALIKE} when abs(${a} - ${b}) <= ${comparator.tolerance} then ${NEAR} ${bothEmpty} else 0 end`;
    case "number":
      return `case when ${a} = ${b} then ${ALIKE} when abs(${a} - ${b}) <= ${decimal(comparator.tolerance)} then ${NEAR} ${bothEmpty} else 0 end`;
  }
}

/** Exactly the number, without an exponent. */
function decimal(value: number): string {
  return `${literal(String(value))}::numeric`;
}

/**
 * SQL text of Σ weight × likeness ÷ Σ weight, rounded down; undefined when nothing weighs.
 * @param likenesses one for each field, in their order
 */
function weightedExpression(
  fields: readonly ScoredField[],
  likenesses: readonly string[],
  weightOf: (field: ScoredField) => number,
): string | undefined {
  const whole = fields.reduce((sum, f) => sum + weightOf(f), 0);
  if (whole === 0) return undefined;
  const parts = fields.flatMap((f, i) => (weightOf(f) === 0 ? [] : [`${weightOf(f)} * (${likenesses[i]})`]));
  return `((${parts.join(" + ")}) / ${whole})`;
}

/**
 * SQL texts of the score and the confidence of two records, in thousandths.
 * @param a, b name the columns that hold the comparables of the rule's n-th field: each is looked at several times
 * @param isAlike a cheap condition under which the n-th field is alike without looking at its comparables, where there is one
 */
export function scoreExpressions(
  fields: readonly ScoredField[],
  a: (n: number) => string,
  b: (n: number) => string,
  isAlike: (n: number) => string = () => "false",
): { score: string; confidence: string; likenesses: string[] } {
  const likenesses = fields.map((f, n) => {
    const likeness = likenessExpression(f, a(n), b(n));
    return isAlike(n) === "false" ? likeness : `case when ${isAlike(n)} then ${ALIKE} else ${likeness} end`;
  });
  const score = weightedExpression(fields, likenesses, (f) => f.weight) ?? "0";
  const confidence = weightedExpression(fields, likenesses, (f) => f.confidenceWeight) ?? score;
  return { score, confidence, likenesses };
}
