import type { DateOrder } from "@/lib/core/formats/types";
import { dateOrderOf } from "@/lib/core/fields/date-order";
import { fieldLabelOf, fieldNamesOf } from "@/lib/core/fields/field-names";
import { decimalCommaOf, decimalEvidence } from "@/lib/core/fields/number-style";
import type { Field, FieldType } from "@/lib/core/fields/types";
import { inferType, isPlaceholder } from "@/lib/core/fields/infer-type";

export interface ColumnDateOrder {
  column: string;
  order: DateOrder | "ambiguous";
}

export interface Inference {
  /** One per column, in order; none is required. */
  fields: Field[];
  /**
   * Every column in which numeric dates prevail, whatever its type, with the order they prove; "ambiguous" has to be
   * asked. Columns whose dates need no order (ISO, month names) are left out.
   */
  dateOrders: ColumnDateOrder[];
  /** Left out when no number of the sample tells. */
  decimalComma?: boolean;
  /** Sentences for the person. */
  evidence: string[];
}

/**
 * Field definitions for a new table from its header and first rows. Types are chosen so that later rows are unlikely to
 * break them: where in doubt a column is text, which keeps every cell as it is. Identifiers (leading zeros, sixteen
 * digits and more, phone numbers, postal codes) stay text.
 */
export function inferFields(
  columns: readonly string[],
  sampleRows: readonly (readonly string[])[],
): Inference {
  const samples = columns.map((_, index) => cellsOf(sampleRows, index));
  const decimals = { comma: 0, point: 0 };
  for (const sample of samples) {
    const { comma, point } = decimalEvidence(sample);
    decimals.comma += comma;
    decimals.point += point;
  }
  const decimalComma = decimalCommaOf(decimals);
  const names = fieldNamesOf(columns);
  const dateOrders: ColumnDateOrder[] = [];
  const fields = columns.map((column, index): Field => {
    const sample = samples[index] ?? [];
    const order = dateOrderOf(sample);
    if (order !== undefined) dateOrders.push({ column, order });
    const type = inferType(column, sample, order === "ambiguous" ? undefined : order, decimalComma);
    const name = names[index] ?? `column${index + 1}`;
    return { name, label: fieldLabelOf(column, name), type, required: false };
  });
  const inference: Inference = { fields, dateOrders, evidence: explain(fields, dateOrders, decimalComma) };
  return decimalComma === undefined ? inference : { ...inference, decimalComma };
}

function cellsOf(rows: readonly (readonly string[])[], index: number): string[] {
  const cells: string[] = [];
  for (const row of rows) {
    const cell = row[index]?.trim();
    if (cell && !isPlaceholder(cell)) cells.push(cell);
  }
  return cells;
}

const ORDER_WORDS = { dmy: "day, month, year", mdy: "month, day, year", ymd: "year, month, day" };
const NAMED_MAX = 6;

function explain(
  fields: readonly Field[],
  dateOrders: readonly ColumnDateOrder[],
  decimalComma: boolean | undefined,
): string[] {
  const evidence: string[] = [];
  const byType = new Map<FieldType, string[]>();
  for (const { type, label } of fields) byType.set(type, [...(byType.get(type) ?? []), label]);
  for (const [type, labels] of byType)
    if (type !== "text") evidence.push(`Read as ${type}: ${listed(labels)}.`);
  for (const order of ["dmy", "mdy", "ymd"] as const) {
    const labels = dateOrders.filter((found) => found.order === order).map(({ column }) => column);
    if (labels.length > 0) evidence.push(`Dates are in the order ${ORDER_WORDS[order]}: ${listed(labels)}.`);
  }
  const open = dateOrders.filter(({ order }) => order === "ambiguous").map(({ column }) => column);
  if (open.length > 0) evidence.push(`The order of day and month is open: ${listed(open)}.`);
  if (decimalComma === true) evidence.push("Numbers have a decimal comma.");
  return evidence;
}

function listed(labels: readonly string[]): string {
  const named = labels.slice(0, NAMED_MAX).map((label) => `"${label}"`);
  const more = labels.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
