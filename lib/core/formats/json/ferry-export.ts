import {
  FIELD_SEMANTICS,
  FIELD_TYPES,
  type Field,
  type FieldSemantic,
  type FieldType,
} from "@/lib/core/fields/types";
import { FileProblem } from "../types";

/** The newest version of Ferry's own export that is understood. */
const VERSION_MAX = 1;

/** Checks the `ferry` member of an export. @throws FileProblem unsupported-format for a newer version. */
export function isFerryHeader(json: string): boolean {
  const header = parsed(json);
  if (!isObject(header) || header.format !== "ferry-export") return false;
  if (header.version === VERSION_MAX) return true;
  throw new FileProblem(
    "unsupported-format",
    `This is a Ferry export of version ${String(header.version)}; this Ferry reads version ${VERSION_MAX}. Import it with a newer Ferry.`,
  );
}

/** When an export was made, by its `ferry` member: ISO 8601, or undefined. */
export function exportedAtOf(json: string): string | undefined {
  const header = parsed(json);
  if (!isObject(header) || typeof header.exportedAt !== "string") return undefined;
  return Number.isNaN(Date.parse(header.exportedAt)) ? undefined : header.exportedAt;
}

/** The `fields` of an exported collection, as far as they are fields. */
export function exportedFields(json: string): Field[] {
  const list = parsed(json);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const field = isObject(item) ? exportedField(item) : undefined;
    return field ? [field] : [];
  });
}

/** The `keyFields` of an exported collection, as far as they are names. */
export function exportedKey(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function exportedField(item: Record<string, unknown>): Field | undefined {
  const { name, label, type, required, values, references, semantic, personal } = item;
  if (typeof name !== "string" || name === "" || !isFieldType(type)) return undefined;
  return {
    name,
    label: typeof label === "string" && label !== "" ? label : name,
    type,
    required: required === true,
    ...(Array.isArray(values) ? { values: values.filter((value) => typeof value === "string") } : {}),
    ...(typeof references === "string" ? { references } : {}),
    ...(isFieldSemantic(semantic) ? { semantic } : {}),
    ...(typeof personal === "boolean" ? { personal } : {}),
  };
}

function isFieldType(type: unknown): type is FieldType {
  return FIELD_TYPES.some((each) => each === type);
}

function isFieldSemantic(semantic: unknown): semantic is FieldSemantic {
  return FIELD_SEMANTICS.some((each) => each === semantic);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values given are whole JSON values by their brackets, but may still be broken inside. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
