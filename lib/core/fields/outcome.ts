import { storableText } from "@/lib/core/fields/clean";
import type { DateOrder } from "@/lib/core/formats/types";
import type { FieldValue } from "@/lib/core/fields/types";

/** What a reader needs to know about a file to read its cells; anything left out stays undecided. */
export interface CoerceOptions {
  /** Order of day, month and year in all-numeric dates. Left out, a date that has two readings is an error. */
  dateOrder?: DateOrder;
  /** True: "1.234,5" and "1.234" = 1234. Left out or false, a point is the decimal sign where both are possible. */
  decimalComma?: boolean;
  /**
   * True for CSV files: an apostrophe before text that a spreadsheet would run as a formula was put there to disarm it
   * (by Ferry's own export, among others) and is taken away.
   */
  formulaGuards?: boolean;
}

export type CorrectionCode =
  | "trimmed"
  | "characters-replaced"
  | "formula-guard"
  | "empty-placeholder"
  | "still-there"
  | "number-format"
  | "unit-removed"
  | "boolean-word"
  | "date-format"
  | "serial-date"
  | "time-dropped"
  | "datetime-format"
  | "assumed-utc"
  | "letter-case"
  | "country-name"
  | "url-scheme";

export type CellErrorCode =
  | "required"
  | "not-a-number"
  | "not-whole"
  | "number-too-long"
  | "not-a-boolean"
  | "not-a-date"
  | "impossible-date"
  | "ambiguous-date"
  | "not-a-datetime"
  | "not-allowed"
  | "not-a-url"
  | "unsafe-url";

/** A repair that was made, in words for the person. */
export interface Correction {
  code: CorrectionCode;
  message: string;
}

/** Why a cell cannot be stored, in words for the person. */
export interface CellError {
  code: CellErrorCode;
  message: string;
}

/**
 * What becomes of one cell. No `value` and no `error`: the cell is empty. A cell with an `error` has no value and no
 * correction.
 */
export interface CellOutcome {
  value?: FieldValue;
  correction?: Correction;
  error?: CellError;
}

export function failure(code: CellErrorCode, message: string): CellOutcome {
  return { error: { code, message } };
}

export function corrected(value: FieldValue, code: CorrectionCode, message: string): CellOutcome {
  return { value, correction: { code, message } };
}

/** A cell's text as messages quote it: short, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `"${storableText(line.slice(0, 59))}…"` : `"${line}"`;
}
