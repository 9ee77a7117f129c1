import type { Field, FieldType } from "@/lib/core/fields/types";

/** What an export does with personal fields: leaves them out, or keeps what can be kept without telling who it is. */
export type PrivacyMode = "exclude" | "anonymize";

/**
 * What becomes of a personal field. "pseudonym": the same text always becomes the same made-up one (a keyed hash, so that
 * nobody without the key can try out likely texts). "year": a date becomes the first day of its year. Numbers and yes/no
 * values are left out: there are so few of them that a pseudonym would only be a riddle.
 */
export type Handling = "left-out" | "pseudonym" | "year";

const ANONYMIZED: Record<FieldType, Handling> = {
  text: "pseudonym",
  enum: "pseudonym",
  reference: "pseudonym",
  url: "pseudonym",
  media: "pseudonym",
  date: "year",
  datetime: "year",
  integer: "left-out",
  decimal: "left-out",
  boolean: "left-out",
};

export function handlingOf(type: FieldType, mode: PrivacyMode): Handling {
  return mode === "exclude" ? "left-out" : ANONYMIZED[type];
}

/** A personal field of an exported collection. */
export interface WithheldField {
  collection: string;
  field: string;
  label: string;
  handling: Handling;
}

/** What an export says about what it withholds; it stands inside the file. */
export interface PrivacyStatement {
  mode: "personal data left out" | "personal data pseudonymised";
  notice: string;
  fields: WithheldField[];
}

export function privacyStatement(mode: PrivacyMode, fields: WithheldField[]): PrivacyStatement {
  return {
    mode: mode === "exclude" ? "personal data left out" : "personal data pseudonymised",
    notice: noticeOf(mode, fields.length),
    fields,
  };
}

/** A statement for a page: what it withholds may be as long as a list of all fields of an account. */
export interface ShortStatement extends PrivacyStatement {
  /** How many fields there are in all. */
  fieldCount: number;
}

const FIELDS_SHOWN_MAX = 100;

export function shortStatement(statement: PrivacyStatement): ShortStatement {
  const { fields } = statement;
  return { ...statement, fields: fields.slice(0, FIELDS_SHOWN_MAX), fieldCount: fields.length };
}

function noticeOf(mode: PrivacyMode, count: number): string {
  if (count === 0) {
    return "No field of these collections is marked as personal data: no value of a record was withheld.";
  }
  const others = "Fields that are not marked as personal were taken as they are, whatever their text says.";
  if (mode === "exclude")
    return `The fields listed here are marked as personal data and were left out. ${others}`;
  return [
    "The fields listed here are marked as personal data.",
    'A pseudonym ("P-…") stands for the same text everywhere, also in other exports of the same account; it is a keyed',
    "hash (HMAC-SHA-256) that cannot be turned back without the key of the installation. Of dates only the year is kept;",
    "numbers and yes/no values were left out.",
    others,
  ].join(" ");
}

export const HANDLING_WORDS: Readonly<Record<Handling, string>> = {
  "left-out": "left out",
  pseudonym: "replaced by pseudonyms",
  year: "only the year is kept",
};

/** The statement as lines of text, for formats that have no other place for it. */
export function statementLines({ notice, fields }: PrivacyStatement): string[] {
  return [
    notice,
    ...fields.map((f) => `${f.collection} / ${f.label} (${f.field}): ${HANDLING_WORDS[f.handling]}`),
  ];
}

/** The field as an export states it once its values are pseudonyms: `pseudonymOf` gives that of an allowed value. */
export function pseudonymField(field: Field, pseudonymOf: (text: string) => string): Field {
  const { values, ...rest } = field;
  // In the order of the pseudonyms: the original order would tell which is which.
  return values ? { ...rest, values: values.map(pseudonymOf).sort() } : rest;
}
