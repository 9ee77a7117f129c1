import type { Collection } from "@/lib/contracts/collections";
import type { CreateExportInput, ExportCategory, ExportFormat } from "@/lib/contracts/exports";
import type { RecordFilter } from "@/lib/contracts/records";
import type { Field } from "@/lib/core/fields/types";

/** What a person chooses before an export is made. */
export interface ExportDraft {
  format: ExportFormat;
  collections: "all" | string[];
  categories: ExportCategory[];
  /** Null: all of them. Only where there is one collection. */
  fields: string[] | null;
  range: { field: string; start: string; end: string };
  filters: DraftFilter[];
  metadata: boolean;
  privacy: "none" | "exclude" | "anonymize";
  csv: { bom: boolean; delimiter: "," | ";" | "\t" | "|"; formulaSafe: boolean };
  compression: "none" | "gzip" | "zip";
  level: number;
}

export interface DraftFilter {
  key: number;
  field: string;
  op: RecordFilter["op"];
  value: string;
}

export function newDraft(collections: "all" | string[]): ExportDraft {
  return {
    format: "csv",
    collections,
    categories: [],
    fields: null,
    range: { field: "", start: "", end: "" },
    filters: [],
    metadata: false,
    privacy: "none",
    csv: { bom: true, delimiter: ",", formulaSafe: true },
    compression: "none",
    level: 6,
  };
}

export function needsValue(op: RecordFilter["op"]): boolean {
  return op !== "empty" && op !== "notEmpty";
}

/** The draft as the API takes it; what was begun and not filled in is left out. */
export function requestOf(draft: ExportDraft): CreateExportInput {
  const { format, range, filters, privacy, compression, level } = draft;
  const filter = filters
    .filter(({ field, op, value }) => field !== "" && (!needsValue(op) || value.trim() !== ""))
    .map(({ field, op, value }) => ({ field, op, ...(needsValue(op) ? { value: value.trim() } : {}) }));
  const dates = { ...(range.start && { start: range.start }), ...(range.end && { end: range.end }) };
  const packed = format === "xlsx" ? "none" : compression;
  return {
    format,
    collections: draft.collections,
    ...(draft.categories.length > 0 ? { categories: draft.categories } : {}),
    ...(draft.fields ? { fields: draft.fields } : {}),
    ...(Object.keys(dates).length > 0
      ? { dateRange: { ...dates, ...(range.field && { field: range.field }) } }
      : {}),
    ...(filter.length > 0 ? { filter } : {}),
    ...(draft.metadata ? { includeMetadata: true } : {}),
    ...(privacy === "exclude" ? { privacy: { excludePersonalData: true } } : {}),
    ...(privacy === "anonymize" ? { privacy: { anonymize: true } } : {}),
    ...(packed === "none" ? {} : { compression: { algorithm: packed, level } }),
    ...(format === "csv" ? { csv: draft.csv } : {}),
  };
}

/** The collections that a draft takes along. */
export function chosenOf(draft: ExportDraft, collections: readonly Collection[]): Collection[] {
  const { collections: chosen } = draft;
  return chosen === "all" ? [...collections] : collections.filter(({ id }) => chosen.includes(id));
}

/** Every field of some collections once, by name. */
export function fieldsOf(collections: readonly Collection[]): Field[] {
  const byName = new Map<string, Field>();
  for (const field of collections.flatMap((c) => c.fields)) {
    if (!byName.has(field.name)) byName.set(field.name, field);
  }
  return [...byName.values()];
}
