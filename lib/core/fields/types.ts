/** Field types of a collection (S2). `media` holds a file name until media are imported themselves. */
export const FIELD_TYPES = [
  "text",
  "integer",
  "decimal",
  "boolean",
  "date",
  "datetime",
  "enum",
  "reference",
  "url",
  "media",
] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** One typed column of a collection. `name` is the key in a record's data (camelCase), `label` what people read. */
export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  /** Allowed values of an enum, in their order. */
  values?: string[];
  /** The collection a reference points to. */
  references?: string;
  /** What the text means beyond its type, which decides the corrections that apply to it. */
  semantic?: FieldSemantic;
  /** Personal data, which an export can leave out or pseudonymise (lib/core/privacy). */
  personal?: boolean;
}

/** "country": country names and ISO 3166-1 codes become one spelling. "openEnd": "current" and "-" mean empty. */
export const FIELD_SEMANTICS = ["country", "openEnd"] as const;

export type FieldSemantic = (typeof FIELD_SEMANTICS)[number];

/**
 * Canonical values as stored in a record's `data`: text, enum, url, media, reference: non-empty string · integer,
 * decimal: number, or a string of digits where a double would lose some · boolean · date: "YYYY-MM-DD" · datetime:
 * "YYYY-MM-DDTHH:MM:SS[.sss]Z". An empty cell is an absent key: neither null nor "" is ever stored.
 */
export type FieldValue = string | number | boolean;

export type RecordData = Record<string, FieldValue>;
