import type { ExportColumn, ExportRange } from "@/db/bulk/export-select";
import type { ExportableCollection } from "@/db/queries/exports";
import type { CreateExport } from "@/lib/contracts/exports";
import type { Field, FieldType } from "@/lib/core/fields/types";
import { ValidationError } from "@/lib/platform/errors";

/** What is taken of one collection, and how. */
export interface CollectionPlan {
  collection: ExportableCollection;
  fields: Field[];
  /** Names of the collection's fields that are not taken. */
  without: string[];
  columns: { label: string; column: ExportColumn }[];
  range: ExportRange | undefined;
}

/** Types whose values are text that a spreadsheet might run. Numbers may begin with a minus without being formulas. */
const TEXTS: readonly FieldType[] = ["text", "enum", "reference", "url", "media"];
const METADATA = ["id", "version", "createdAt", "updatedAt", "source"] as const;
/** Computed from the dates of a trip (S2), between the stored columns as the template lists them. */
const DURATION = { label: "Duration", name: "duration", before: "notes" } as const;

/**
 * What is taken of a collection by this request; undefined when the request's fields or dates are none of it.
 * @param today "YYYY-MM-DD", up to which a trip without an end counts
 */
export function planCollection(
  collection: ExportableCollection,
  request: CreateExport,
  today: string,
): CollectionPlan | undefined {
  const all = collection.fields as Field[];
  const fields = request.fields ? request.fields.flatMap((n) => all.find((f) => f.name === n) ?? []) : all;
  const range = rangeOf(all, request.dateRange);
  if (fields.length === 0 && request.fields) return undefined;
  if (range === "not-here") return undefined;
  const columns: CollectionPlan["columns"] = fields.map((field) => ({
    label: field.label,
    column: {
      kind: "field",
      field: field.name,
      guard: request.csv.formulaSafe && TEXTS.includes(field.type),
    },
  }));
  const wantsDuration = !request.fields || request.fields.includes(DURATION.name);
  if (wantsDuration && isTripLike(collection.template, all)) {
    const at = fields.findIndex((f) => f.name === DURATION.before);
    const column: ExportColumn = { kind: "days", from: "entryDate", to: "exitDate", today };
    columns.splice(at === -1 ? columns.length : at, 0, { label: DURATION.label, column });
  }
  if (request.includeMetadata) {
    for (const name of METADATA) columns.push({ label: `_${name}`, column: { kind: "metadata", name } });
  }
  const taken = new Set(fields.map((f) => f.name));
  return { collection, fields, without: all.map((f) => f.name).filter((n) => !taken.has(n)), columns, range };
}

/** @throws ValidationError naming fields that none of the collections has */
export function checkFields(collections: readonly ExportableCollection[], request: CreateExport): void {
  const known = new Set(collections.flatMap((c) => c.fields.map((f) => f.name)));
  if (collections.some((c) => isTripLike(c.template, c.fields as Field[]))) known.add(DURATION.name);
  const unknown = (request.fields ?? []).filter((name) => !known.has(name));
  const dates = collections.flatMap((c) => c.fields.filter(isDate).map((f) => f.name));
  const by = request.dateRange?.field;
  const problems = unknown.map((name) => ({ path: "fields", message: `There is no field "${name}".` }));
  if (by !== undefined && by !== "createdAt" && !dates.includes(by)) {
    problems.push({ path: "dateRange.field", message: `There is no date field "${by}".` });
  }
  if (problems.length > 0) throw new ValidationError(problems[0]!.message, problems);
}

function rangeOf(
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

function isDate(field: { type: string }): boolean {
  return field.type === "date" || field.type === "datetime";
}

function isTripLike(template: string | null, fields: readonly Field[]): boolean {
  const isDay = (name: string) => fields.some((f) => f.name === name && f.type === "date");
  const taken = fields.some((f) => f.label === DURATION.label || f.name === DURATION.name);
  return template === "trips" && !taken && isDay("entryDate") && isDay("exitDate");
}
