import type { FieldType } from "@/lib/core/fields/types";

/** A field that an import adds to the collection. */
export interface NewField {
  name: string;
  type: FieldType;
  label?: string;
  /** Allowed values, for an enum. */
  values?: string[];
}

/** What one column of a file becomes: a field, nothing (null), or a field still to be created. */
export type MappingEntry = { column: string; field: string | null } | { column: string; create: NewField };

/** A proposal with its grounds. `confidence` is 0 to 1; 1 = the file names the field exactly. */
export interface ProposedEntry {
  column: string;
  field: string | null;
  confidence: number;
  reason: string;
}

export type MappingProblemCode =
  | "unknown-column"
  | "unknown-field"
  | "column-mapped-twice"
  | "field-mapped-twice"
  | "field-exists"
  | "invalid-field-name";

export interface MappingProblem {
  code: MappingProblemCode;
  column: string;
  field?: string;
  message: string;
}
