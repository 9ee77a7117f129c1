import type { ExportRange } from "@/db/bulk/export-where";
import type { RecordCondition } from "@/db/queries/records-list";
import type { CreateExport } from "@/lib/contracts/exports";
import type { Field } from "@/lib/core/fields/types";
import { ValidationError } from "@/lib/platform/errors";
import { conditionsOf } from "@/lib/services/records/selection";

/** The request's time as a condition on this collection's records; "not-here" when it names a date that is none of it. */
export function rangeOf(
  fields: readonly Field[],
  asked: CreateExport["dateRange"],
): ExportRange | undefined | "not-here" {
  if (asked?.start === undefined && asked?.end === undefined) return undefined;
  const { start, end } = asked;
  if (asked.field === "createdAt") return { by: "createdAt", start, end };
  const field = asked.field ? fields.find((f) => f.name === asked.field && isDate(f)) : fields.find(isDate);
  if (!field) return asked.field ? "not-here" : { by: "createdAt", start, end };
  const type = field.type === "date" ? ("date" as const) : ("datetime" as const);
  // A date has no time of day: only the day of a moment can be compared with it.
  const day = (text?: string) => (type === "date" ? text?.slice(0, 10) : text);
  return { by: { field: field.name, type }, start: day(start), end: day(end) };
}

/** The request's filters as conditions on this collection's records; "not-here" when they do not fit its fields. */
export function filterOf(
  fields: readonly Field[],
  filter: CreateExport["filter"],
): RecordCondition[] | undefined | "not-here" {
  if (!filter || filter.length === 0) return undefined;
  try {
    return conditionsOf([...fields], filter, "");
  } catch (error) {
    if (error instanceof ValidationError) return "not-here";
    throw error;
  }
}

export function isDate(field: { type: string }): boolean {
  return field.type === "date" || field.type === "datetime";
}
