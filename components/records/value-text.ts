import type { Field, FieldValue } from "@/lib/core/fields/types";

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** A stored value as people read it; dates stay in ISO order, which no reader can take for another day. */
export function valueText(field: Field, value: FieldValue | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (field.type === "datetime" && typeof value === "string") {
    const moment = new Date(value);
    return Number.isNaN(moment.getTime()) ? value : `${MOMENT.format(moment)} UTC`;
  }
  return String(value);
}

/** Numbers are compared by their digits, so they stand right aligned. */
export function isNumeric(field: Field): boolean {
  return field.type === "integer" || field.type === "decimal";
}
