import { literal } from "./key-hash";
import { comparableOf, scoreExpressions, type ScoredField } from "./match-score";

/**
 * How sure it is that two records are the same one, most of whose fields say the same: SQL texts for a query within a
 * query within another. What has the same text is not looked at any closer; what has not is prepared once.
 */
export interface ClashConfidence {
  /** Columns of the innermost: each field's text on either side, and only where `condition` holds. */
  texts(condition: string): string[];
  /** Columns of the next: what is compared of the fields that differ. */
  comparables: string[];
  /** Thousandths. */
  confidence: string;
}

/** @param a, b name the jsonb columns that hold the records' data, in the inner two of the queries */
export function clashConfidence(fields: readonly ScoredField[], a: string, b: string): ClashConfidence {
  const ofBoth = (column: (data: string, field: ScoredField, n: number) => string) =>
    [a, b].flatMap((data) => fields.map((field, n) => column(data, field, n)));
  const isAlike = (n: number) =>
    // Values of different types can have one text, and only "exact" tells them apart.
    fields[n]!.comparator.kind === "exact" ? "false" : `${a}_text${n} is not distinct from ${b}_text${n}`;
  return {
    texts: (condition) =>
      ofBoth(
        (data, { field }, n) =>
          `case when ${condition} then ${data} ->> ${literal(field)} end as ${data}_text${n}`,
      ),
    comparables: ofBoth((data, field, n) => {
      const value = comparableOf(field, `(${data} -> ${literal(field.field)})`, `${data}_text${n}`);
      return `case when ${isAlike(n)} then null else ${value} end as ${data}_compared${n}`;
    }),
    confidence: scoreExpressions(
      fields,
      (n) => `${a}_compared${n}`,
      (n) => `${b}_compared${n}`,
      isAlike,
    ).confidence,
  };
}
