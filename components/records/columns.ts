import type { Collection } from "@/lib/contracts/collections";
import type { RecordView } from "@/lib/contracts/records";
import type { Field, FieldType } from "@/lib/core/fields/types";
import { tripDuration } from "@/lib/core/templates/trip-duration";
import { isNumeric, valueText } from "./value-text";

/** A column of the browser: a field of the collection, or something computed from the record. */
export interface Column {
  key: string;
  label: string;
  width: number;
  numeric: boolean;
  /** Set for what can be edited and sorted by. */
  field?: Field;
  /** The name to sort by, when the column can be sorted. */
  sort?: string;
  text: (record: RecordView) => string;
}

/** Where a record's present values came from, in words. */
export const SOURCES: Record<RecordView["source"]["kind"], string> = {
  hand: "By hand",
  import: "Import",
  restore: "Restore",
};

const WIDTHS: Record<FieldType, number> = {
  text: 190,
  integer: 120,
  decimal: 130,
  boolean: 100,
  date: 130,
  datetime: 220,
  enum: 150,
  reference: 190,
  url: 240,
  media: 190,
};

/** Fields in their order; for trips, how long each was; and last where the values came from. */
export function columnsOf(collection: Collection, today: string): Column[] {
  const columns: Column[] = collection.fields.map((field) => ({
    key: field.name,
    label: field.label,
    width: Math.max(WIDTHS[field.type], Math.min(280, field.label.length * 9 + 56)),
    numeric: isNumeric(field),
    field,
    sort: field.name,
    text: (record) => valueText(field, record.data[field.name]),
  }));
  if (collection.template === "trips") {
    columns.push({
      key: "+duration",
      label: "Duration",
      width: 130,
      numeric: true,
      text: (record) => durationText(tripDuration(record.data, today)),
    });
  }
  columns.push({
    key: "+source",
    label: "Source",
    width: 110,
    numeric: false,
    text: (record) => SOURCES[record.source.kind],
  });
  return columns;
}

function durationText(days: number | undefined): string {
  if (days === undefined) return "";
  return days === 1 ? "1 day" : `${days} days`;
}
