import type { MappingEntry } from "@/lib/contracts/imports";
import { fieldNamesOf } from "@/lib/core/fields/field-names";
import type { Field, FieldType } from "@/lib/core/fields/types";
import type { SourceOptions } from "@/lib/core/formats/types";

const CREATE = "+create";
const IGNORE = "+ignore";

/** The choice as the value of a select. Field names never begin with "+". */
export function choiceValue(entry: MappingEntry | undefined): string {
  if (!entry) return IGNORE;
  if ("create" in entry) return CREATE;
  return entry.field ?? IGNORE;
}

export const CHOICE_CREATE = CREATE;
export const CHOICE_IGNORE = IGNORE;

/** The fields that are there without this import. */
export function existingFields(fields: readonly Field[], mapping: readonly MappingEntry[]): Field[] {
  const created = new Set(mapping.flatMap((entry) => ("create" in entry ? [entry.create.name] : [])));
  return fields.filter((field) => !created.has(field.name));
}

/** The mapping with one column's choice changed. A field that another column had goes to this one alone. */
export function withChoice(
  mapping: readonly MappingEntry[],
  column: string,
  value: string,
  taken: readonly string[],
): MappingEntry[] {
  const entry = entryFor(mapping, column, value, taken);
  const known = mapping.some((other) => other.column === column);
  const next = mapping.map((other): MappingEntry => {
    if (other.column === column) return entry;
    const loses = "field" in other && "field" in entry && entry.field !== null && other.field === entry.field;
    return loses ? { column: other.column, field: null } : other;
  });
  return known ? next : [...next, entry];
}

function entryFor(
  mapping: readonly MappingEntry[],
  column: string,
  value: string,
  taken: readonly string[],
): MappingEntry {
  if (value === IGNORE) return { column, field: null };
  if (value !== CREATE) return { column, field: value };
  const created = mapping.flatMap((entry) =>
    "create" in entry && entry.column !== column ? [entry.create.name] : [],
  );
  const [name = "column"] = fieldNamesOf([column], [...taken, ...created]);
  return { column, create: { name, label: column, type: "text" } };
}

export function withType(mapping: readonly MappingEntry[], column: string, type: FieldType): MappingEntry[] {
  return mapping.map((entry) =>
    entry.column === column && "create" in entry ? { column, create: { ...entry.create, type } } : entry,
  );
}

/** Required fields that no column feeds: every row would be invalid. */
export function missingRequired(fields: readonly Field[], mapping: readonly MappingEntry[]): Field[] {
  const fed = new Set(mapping.map((entry) => ("create" in entry ? entry.create.name : entry.field)));
  return fields.filter((field) => field.required && !fed.has(field.name));
}

/**
 * The source to ask for after one of its parts was changed by hand: what depends on the changed part is left out, so
 * that it is detected anew instead of being carried over wrongly.
 */
export function changedSource(source: SourceOptions, change: Partial<SourceOptions>): SourceOptions {
  const next = { ...source, ...change };
  if (change.encoding !== undefined)
    return { format: next.format, sheet: next.sheet, encoding: next.encoding, dateOrder: next.dateOrder };
  if (change.sheet !== undefined)
    // Of several files in an archive another one may have another format.
    return { sheet: next.sheet, dateOrder: next.dateOrder };
  if (change.delimiter !== undefined) {
    return {
      format: next.format,
      sheet: next.sheet,
      encoding: next.encoding,
      delimiter: next.delimiter,
      dateOrder: next.dateOrder,
    };
  }
  return next;
}
