import type { JsonShape } from "@/db/bulk/export-select";
import type { ExportColumn } from "@/db/bulk/export-values";
import type { ExportSelection } from "@/db/bulk/export-where";
import type { ExportableCollection } from "@/db/queries/exports";
import type { CreateExport } from "@/lib/contracts/exports";
import type { Field, FieldType } from "@/lib/core/fields/types";
import type { WithheldField } from "@/lib/core/privacy/handling";
import { planFields, type PlannedField } from "@/lib/services/exports/plan-privacy";
import { rangeOf, filterOf } from "@/lib/services/exports/plan-rows";

/** A column of a table: `name` is a field's, or the column's own; `type` that of its cells. */
export interface PlannedColumn {
  name: string;
  label: string;
  type: FieldType;
  column: ExportColumn;
}

/** What is taken of one collection, and how. */
export interface CollectionPlan {
  collection: ExportableCollection;
  /** As the export states them. */
  fields: Field[];
  keyFields: string[];
  columns: PlannedColumn[];
  data: Pick<JsonShape, "without" | "treated">;
  selection: ExportSelection;
  withheld: WithheldField[];
}

export interface PlanContext {
  /** "YYYY-MM-DD", up to which a trip without an end counts. */
  today: string;
  pseudonymOf: (text: string) => string;
}

/** Types whose values are text that a spreadsheet might run. Numbers may begin with a minus without being formulas. */
const TEXTS: readonly FieldType[] = ["text", "enum", "reference", "url", "media"];
const METADATA = [
  { name: "id", type: "text" },
  { name: "version", type: "integer" },
  { name: "createdAt", type: "datetime" },
  { name: "updatedAt", type: "datetime" },
  { name: "source", type: "text" },
] as const;
/** Computed from the dates of a trip (S2), between the stored columns as the template lists them. */
export const DURATION = { label: "Duration", name: "duration", before: "notes" } as const;

/** What is taken of a collection by this request; undefined when its fields, dates or filters are none of it. */
export function planCollection(
  collection: ExportableCollection,
  request: CreateExport,
  context: PlanContext,
): CollectionPlan | undefined {
  const all = collection.fields as Field[];
  const asked = request.fields ? request.fields.flatMap((n) => all.find((f) => f.name === n) ?? []) : all;
  const range = rangeOf(all, request.dateRange);
  const conditions = filterOf(all, request.filter);
  if ((asked.length === 0 && request.fields) || range === "not-here" || conditions === "not-here")
    return undefined;
  const { taken, withheld } = planFields(collection, asked, request.privacy, context.pseudonymOf);
  const columns = taken.map((planned) => fieldColumn(planned, request));
  const secret = withheld.some(({ field }) => field === "entryDate" || field === "exitDate");
  // Dates that are withheld must not come back as the time between them.
  if (!secret && wantsDuration(collection, all, request)) addDuration(columns, context.today);
  columns.push(...metadataColumns(request));
  const names = new Set(taken.map(({ field }) => field.name));
  return {
    collection,
    fields: taken.map(({ field }) => field),
    keyFields: collection.keyFields.filter((name) => names.has(name)),
    columns,
    data: {
      without: all.map((f) => f.name).filter((name) => !names.has(name)),
      treated: taken.flatMap(({ field, treatment }) => (treatment ? [{ field: field.name, treatment }] : [])),
    },
    selection: { collectionId: collection.id, range, conditions },
    withheld,
  };
}

function fieldColumn({ field, treatment }: PlannedField, request: CreateExport): PlannedColumn {
  const guard = request.format === "csv" && request.csv.formulaSafe && TEXTS.includes(field.type);
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    column: { kind: "field", field: field.name, guard, ...(treatment ? { treatment } : {}) },
  };
}

/** In a workbook each record's id comes along in a hidden column, so that references find it again. */
function metadataColumns({ format, includeMetadata }: CreateExport): PlannedColumn[] {
  const wanted = includeMetadata
    ? METADATA
    : METADATA.filter(({ name }) => name === "id" && format === "xlsx" && includeMetadata === undefined);
  return wanted.map(({ name, type }) => ({
    name: `_${name}`,
    label: `_${name}`,
    type,
    column: { kind: "metadata", name },
  }));
}

function wantsDuration(
  collection: ExportableCollection,
  all: readonly Field[],
  request: CreateExport,
): boolean {
  return (!request.fields || request.fields.includes(DURATION.name)) && isTripLike(collection.template, all);
}

function addDuration(columns: PlannedColumn[], today: string): void {
  const at = columns.findIndex(({ name }) => name === DURATION.before);
  const column: ExportColumn = { kind: "days", from: "entryDate", to: "exitDate", today };
  columns.splice(at === -1 ? columns.length : at, 0, {
    name: `_${DURATION.name}`,
    label: DURATION.label,
    type: "integer",
    column,
  });
}

export function isTripLike(template: string | null, fields: readonly Field[]): boolean {
  const isDay = (name: string) => fields.some((f) => f.name === name && f.type === "date");
  const taken = fields.some((f) => f.label === DURATION.label || f.name === DURATION.name);
  return template === "trips" && !taken && isDay("entryDate") && isDay("exitDate");
}
