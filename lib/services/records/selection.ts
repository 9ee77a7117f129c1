import type { Comparison, FieldRef, RecordCondition, RecordOrder } from "@/db/queries/records-list";
import type { RecordFilter } from "@/lib/contracts/records";
import { explainCell, valueToText } from "@/lib/core/fields/coerce";
import type { Field, FieldType } from "@/lib/core/fields/types";
import { ValidationError } from "@/lib/platform/errors";

/** `sort=field`, `sort=-field`; also id, createdAt, updatedAt, unless a field bears that name. */
export function orderOf(fields: Field[], sort: string): RecordOrder {
  const descending = sort.startsWith("-");
  const name = descending ? sort.slice(1) : sort;
  const field = fields.find((f) => f.name === name);
  if (field) return { by: fieldRef(field), descending };
  if (name === "id" || name === "createdAt" || name === "updatedAt") return { by: name, descending };
  throw new ValidationError("The list cannot be sorted like this.", [
    { path: "sort", message: `There is no field named "${name}".` },
  ]);
}

/** @throws ValidationError naming the condition that fits no field, or whose value does not fit its field */
export function conditionsOf(fields: Field[], filters: RecordFilter[], search: string): RecordCondition[] {
  const conditions = filters.map((filter, index) => conditionOf(fields, filter, `filter.${index}`));
  if (search !== "") {
    const searched = fields.filter((field) => canContain(field.type, search));
    conditions.push({ op: "search", fields: searched.map((f) => f.name), text: search });
  }
  return conditions;
}

function conditionOf(fields: Field[], filter: RecordFilter, path: string): RecordCondition {
  const field = fields.find((f) => f.name === filter.field);
  if (!field) throw invalid(`${path}.field`, `There is no field named "${filter.field}".`);
  const ref = fieldRef(field);
  const { op } = filter;
  if (op === "empty" || op === "notEmpty") return { op, field: ref };
  if (filter.value === undefined || filter.value === "")
    throw invalid(`${path}.value`, `"${op}" needs a value.`);
  const text = valueToText(filter.value);
  if (op === "contains") return { op, field: ref, value: text };
  // Dates compare as text, so that the beginning of one (2024, 2024-05) is a value, too.
  if (isBeginningOfDate(field.type, text)) return { op, field: ref, value: text };
  if (ref.comparison === "text") return { op, field: ref, value: text };
  const { value, error } = explainCell(text, field, {});
  if (value === undefined)
    throw invalid(`${path}.value`, error?.message ?? `"${text}" fits no ${field.type}.`);
  return { op, field: ref, value: valueToText(value) };
}

function isBeginningOfDate(type: FieldType, text: string): boolean {
  return (type === "date" || type === "datetime") && /^\d{4}(-\d{2}(-\d{2}(T[\d:.]*Z?)?)?)?$/.test(text);
}

function fieldRef(field: Field): FieldRef {
  return { name: field.name, comparison: COMPARISONS[field.type] };
}

const COMPARISONS: Record<FieldType, Comparison> = {
  text: "text",
  integer: "number",
  decimal: "number",
  boolean: "bytes",
  date: "bytes",
  datetime: "bytes",
  enum: "text",
  reference: "text",
  url: "text",
  media: "text",
};

/** False when no value of that type can hold such text: looking there would only cost time. */
function canContain(type: FieldType, text: string): boolean {
  switch (type) {
    case "integer":
    case "decimal":
      return /^[\d.+eE-]+$/.test(text);
    case "date":
    case "datetime":
      return /^[\dTZtz:.-]+$/.test(text);
    case "boolean":
      return "true".includes(text.toLowerCase()) || "false".includes(text.toLowerCase());
    default:
      return true;
  }
}

function invalid(path: string, message: string): ValidationError {
  return new ValidationError("The filter does not fit this collection.", [{ path, message }]);
}
