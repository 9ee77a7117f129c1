import { literal } from "./key-hash";

/** The server has an end to the columns of a query (1,664), and a collection may have more fields. */
const TAKEN_OUT_MAX = 300;

/** The values of fields in a jsonb, for a query within a query. */
export interface FieldValues {
  /** Columns of the inner one: the jsonb under its alias, and the values. */
  columns: string[];
  /** The n-th field's value, in the outer one. */
  value(n: number): string;
}

/** Taking a value out costs several times what comparing it does: it is done once, however often a value is looked at. */
export function fieldValues(fields: readonly string[], data: string, alias: string): FieldValues {
  const takenOut = fields.slice(0, TAKEN_OUT_MAX);
  return {
    columns: [
      `${data} as ${alias}`,
      ...takenOut.map((name, n) => `${data} -> ${literal(name)} as ${alias}${n}`),
    ],
    value: (n) => (n < TAKEN_OUT_MAX ? `${alias}${n}` : `(${alias} -> ${literal(fields[n]!)})`),
  };
}

/** SQL text (text[]) of the fields for whose position a condition holds. */
export function fieldsWhere(fields: readonly string[], condition: (n: number) => string): string {
  const found = fields.map((name, n) => `case when ${condition(n)} then ${literal(name)} end`);
  return `array_remove(array[${found.join(", ")}]::text[], null)`;
}

/**
 * SQL text of queries each of which reads the one before it, kept apart by "offset": without it the server writes out a
 * column's expression at every place that asks for it, and reckons it each time. Why the 0 has quotes says
 * `onSeveralProcessors`.
 * @param selects SELECT clauses
 */
export function inStages(innermost: string, ...selects: readonly string[]): string {
  return selects.reduce((inner, select, n) => `${select} from (${inner} offset '0') stage${n}`, innermost);
}
