import { fieldLabelOf, isFieldName } from "@/lib/core/fields/field-names";
import type { Field } from "@/lib/core/fields/types";
import type { MappingEntry, MappingProblem, MappingProblemCode, NewField } from "@/lib/core/mapping/types";

export interface ResolvedMapping {
  /** Per field, those of the collection first and then `createdFields`: its column's index, or -1. */
  columnIndexes: number[];
  createdFields: Field[];
  /** Names of required fields that no column feeds: every row would be invalid. */
  missingRequired: string[];
  /** Entries that cannot be followed; the rest of the mapping is resolved without them. */
  problems: MappingProblem[];
}

/**
 * Binds a mapping to the columns of a file and the fields of a collection. Columns that the mapping does not mention are
 * ignored. No field ever gets two columns and no column feeds two fields: the first entry counts, later ones are
 * problems.
 */
export function resolveMapping(
  mapping: readonly MappingEntry[],
  columns: readonly string[],
  fields: readonly Field[],
): ResolvedMapping {
  const indexOf = new Map(columns.map((column, index) => [column, index]));
  const columnOf = new Map<string, number>();
  const existing = new Map(fields.map((field) => [field.name, field]));
  const taken = new Set(fields.map((field) => field.name.toLowerCase()));
  const mentioned = new Set<string>();
  const createdFields: Field[] = [];
  const problems: MappingProblem[] = [];
  const report = (code: MappingProblemCode, column: string, message: string, field?: string) =>
    problems.push(field === undefined ? { code, column, message } : { code, column, field, message });

  for (const entry of mapping) {
    const { column } = entry;
    const index = indexOf.get(column);
    if (index === undefined) {
      report("unknown-column", column, `The file has no column "${column}".`);
    } else if (mentioned.has(column)) {
      report("column-mapped-twice", column, `The column "${column}" is mapped more than once.`);
    } else if ("create" in entry) {
      mentioned.add(column);
      const problem = newFieldProblem(entry.create, taken);
      if (problem) {
        report(problem.code, column, problem.message, entry.create.name);
        continue;
      }
      taken.add(entry.create.name.toLowerCase());
      createdFields.push(fieldOf(entry.create, column));
      columnOf.set(entry.create.name, index);
    } else if (entry.field === null) {
      mentioned.add(column);
    } else {
      mentioned.add(column);
      const field = existing.get(entry.field);
      if (!field) {
        report("unknown-field", column, `There is no field "${entry.field}".`, entry.field);
      } else if (columnOf.has(field.name)) {
        report("field-mapped-twice", column, `Two columns are mapped to "${field.label}".`, field.name);
      } else {
        columnOf.set(field.name, index);
      }
    }
  }
  const columnIndexes = [...fields, ...createdFields].map((field) => columnOf.get(field.name) ?? -1);
  const missingRequired = fields
    .filter((field) => field.required && !columnOf.has(field.name))
    .map(({ name }) => name);
  return { columnIndexes, createdFields, missingRequired, problems };
}

function newFieldProblem(
  { name }: NewField,
  taken: ReadonlySet<string>,
): { code: MappingProblemCode; message: string } | undefined {
  if (!isFieldName(name)) {
    const message = `"${name}" cannot be a field's name: it takes letters, digits and "_", beginning with a letter.`;
    return { code: "invalid-field-name", message };
  }
  if (!taken.has(name.toLowerCase())) return undefined;
  return { code: "field-exists", message: `There is a field "${name}" already.` };
}

function fieldOf({ name, type, label, values }: NewField, column: string): Field {
  const field: Field = { name, label: label ?? fieldLabelOf(column, name), type, required: false };
  return values ? { ...field, values } : field;
}
