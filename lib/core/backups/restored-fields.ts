import { damaged } from "./errors";
import {
  FIELD_SEMANTICS,
  FIELD_TYPES,
  type Field,
  type FieldSemantic,
  type FieldType,
} from "../fields/types";
import { isRecordOf, isText, isUuidText } from "./shapes";

/** @throws BackupProblem when a backup names a field that this version does not know, or twice */
export function fieldsOf(name: string, stated: readonly unknown[]): Field[] {
  const fields = stated.map((one) => fieldOf(name, one));
  if (new Set(fields.map((field) => field.name)).size < fields.length) {
    throw damaged(`its collection "${name}" has two fields of one name`);
  }
  return fields;
}

function fieldOf(collection: string, stated: unknown): Field {
  const isKnown = isRecordOf(stated, {
    name: (v) => isText(v) && v !== "" && v.length <= 63,
    label: (v) => v === undefined || isText(v),
    type: (v) => FIELD_TYPES.includes(v as FieldType),
    required: (v) => v === undefined || typeof v === "boolean",
    values: (v) => v === undefined || (Array.isArray(v) && v.every(isText)),
    references: (v) => v === undefined || v === null || isUuidText(v),
    semantic: (v) => v === undefined || FIELD_SEMANTICS.includes(v as FieldSemantic),
    personal: (v) => v === undefined || typeof v === "boolean",
  });
  if (!isKnown) throw damaged(`its collection "${collection}" has a field that cannot be read`);
  const { name, label, type, required, values, references, semantic, personal } = stated as Partial<Field> &
    Pick<Field, "name" | "type">;
  return {
    name,
    label: label ?? name,
    type,
    required: required ?? false,
    ...(values && { values }),
    ...(references && { references }),
    ...(semantic && { semantic }),
    ...(personal !== undefined && { personal }),
  };
}

/**
 * The fields of a collection so that the records of a backup fit: today's as they are, then those that are missing.
 * What kept those records from being valid is widened: values that were allowed then are allowed again, and a field that
 * they need not have had is not required. A field that has another type by now keeps it; values that do not fit are
 * named as invalid.
 */
export function restoredFields(today: readonly Field[], backup: readonly Field[]): Field[] {
  const then = new Map(backup.map((field) => [field.name, field]));
  const names = new Set(today.map((field) => field.name));
  return [
    ...today.map((field) => widened(field, then.get(field.name))),
    ...backup.filter((field) => !names.has(field.name)),
  ];
}

function widened(today: Field, then: Field | undefined): Field {
  const required = today.required && then?.required === true;
  const dropped = today.type === "enum" ? (then?.values ?? []).filter((v) => !today.values?.includes(v)) : [];
  if (required === today.required && dropped.length === 0) return today;
  return { ...today, required, ...(dropped.length > 0 && { values: [...(today.values ?? []), ...dropped] }) };
}
