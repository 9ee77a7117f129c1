import { isCalendarDay } from "@/lib/core/fields/calendar";
import { explainCell } from "@/lib/core/fields/coerce";
import type { CellError, CoerceOptions } from "@/lib/core/fields/outcome";
import type { Field } from "@/lib/core/fields/types";

/**
 * One field made ready for a million cells. `encode` gives the column's prefix and the JSON text of the canonical value, "" for an empty cell
 * (its key stays absent), or the error. The result is always that of `explainCell`; see its test.
 */
export interface CompiledColumn {
  readonly field: Field;
  encode(raw: string): string | CellError;
  /** Cells corrected so far. */
  corrections: number;
}

/** JSON text of a raw cell that is canonical as it stands, or null when that takes a closer look. */
type QuickEncoder = (raw: string) => string | null;

interface Remembered {
  result: string | CellError;
  corrected: boolean;
}

/** Distinct raw values remembered per column, unless the caller has many columns. */
const MEMORY_ENTRIES_MAX = 16_384;
/** Longer cells hardly repeat. */
const MEMORY_CHARS_MAX = 40;

/**
 * `prefix` is put before the JSON text of every cell that is not empty, such as `,"name":`; remembered with the cell it
 * saves joining the two again. `memoryEntries` bounds the distinct raw values remembered, about 150 bytes each.
 */
export function compileColumn(
  field: Field,
  options: CoerceOptions,
  { prefix = "", memoryEntries = MEMORY_ENTRIES_MAX } = {},
): CompiledColumn {
  return new Column(field, options, prefix, Math.min(memoryEntries, MEMORY_ENTRIES_MAX));
}

class Column implements CompiledColumn {
  corrections = 0;
  private readonly memory = new Map<string, Remembered>();
  private hits = 0;
  private remembers: boolean;
  private readonly quick: QuickEncoder;
  private readonly empty: string | CellError;

  constructor(
    readonly field: Field,
    private readonly options: CoerceOptions,
    private readonly prefix: string,
    private readonly memoryEntries: number,
  ) {
    this.empty = explainCell("", field, options).error ?? "";
    this.quick = quickEncoder(field, options);
    this.remembers = memoryEntries > 0;
  }

  encode(raw: string): string | CellError {
    if (raw === "") return this.empty;
    // Most columns repeat themselves, and finding a short text costs less than looking at each of its characters.
    if (!this.remembers || raw.length > MEMORY_CHARS_MAX) {
      const quick = this.quick(raw);
      return quick === null ? this.explain(raw).result : this.prefix + quick;
    }
    const found = this.memory.get(raw);
    if (found === undefined) return this.learn(raw);
    this.hits++;
    if (found.corrected) this.corrections++;
    return found.result;
  }

  private learn(raw: string): string | CellError {
    // A copy: a cell is often a slice that keeps the whole chunk of the file alive.
    const key = ` ${raw}`.slice(1);
    const quick = this.quick(key);
    const entry = quick === null ? this.explain(key) : { result: this.prefix + quick, corrected: false };
    if (this.memory.size >= this.memoryEntries) {
      // A column of ever new values only pays for the memory.
      this.remembers = this.hits > this.memoryEntries;
      this.memory.clear();
      this.hits = 0;
    }
    this.memory.set(key, entry);
    return entry.result;
  }

  private explain(raw: string): Remembered {
    const { value, correction, error } = explainCell(raw, this.field, this.options);
    if (correction) this.corrections++;
    const result = error ?? (value === undefined ? "" : this.prefix + JSON.stringify(value));
    return { result, corrected: correction !== undefined };
  }
}

const never: QuickEncoder = () => null;

function quickEncoder(field: Field, options: CoerceOptions): QuickEncoder {
  switch (field.type) {
    case "text":
    case "reference":
    case "media":
      if (field.semantic !== undefined) return never;
      return options.formulaGuards === true ? quickUnguardedText : quickText;
    case "integer":
      return quickInteger;
    case "decimal":
      return options.decimalComma === true ? quickInteger : quickDecimal;
    case "date":
      return quickDate;
    case "datetime":
      return quickDatetime;
    default:
      return never;
  }
}

/** Everything that JSON escapes or PostgreSQL refuses. */
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;
/** A loop is faster than a pattern up to here. */
const LOOP_CHARS_MAX = 16;

/** Text without white space at its ends and without anything that PostgreSQL refuses. */
function quickText(raw: string): string | null {
  const end = raw.length - 1;
  if (!isInk(raw.charCodeAt(0)) || !isInk(raw.charCodeAt(end))) return null;
  if (end < LOOP_CHARS_MAX ? isPlain(raw) : !NEEDS_ESCAPE.test(raw)) return `"${raw}"`;
  const json = JSON.stringify(raw);
  // JSON.stringify escapes NUL and unpaired surrogates, and no others, this way.
  return json.includes("\\u0000") || json.includes("\\ud") ? null : json;
}

function isPlain(raw: string): boolean {
  for (let index = 0; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) return false;
  }
  return true;
}

const APOSTROPHE = 0x27;

/** The same where a leading apostrophe may be a guard against formulas. */
function quickUnguardedText(raw: string): string | null {
  return raw.charCodeAt(0) === APOSTROPHE ? null : quickText(raw);
}

/** False for white space and for the code points that might be. */
function isInk(code: number): boolean {
  return (
    code > 0x20 && code !== 0xa0 && code !== 0xfeff && (code < 0x1680 || (code > 0x3000 && code < 0xd800))
  );
}

/** Whole numbers of at most 15 digits, all of which a double holds exactly. */
function quickInteger(raw: string): string | null {
  const negative = raw.charCodeAt(0) === 0x2d;
  const start = negative ? 1 : 0;
  const length = raw.length - start;
  if (length < 1 || length > 15) return null;
  if (raw.charCodeAt(start) === 0x30 && (length > 1 || negative)) return null;
  for (let index = start; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return null;
  }
  return raw;
}

/** Numbers of at most 15 digits that a double writes the same way: no zero in front or behind, no tiny fraction. */
function quickDecimal(raw: string): string | null {
  const start = raw.charCodeAt(0) === 0x2d ? 1 : 0;
  let point = -1;
  for (let index = start; index < raw.length; index++) {
    const code = raw.charCodeAt(index);
    if (code === 0x2e && point < 0) point = index;
    else if (code < 0x30 || code > 0x39) return null;
  }
  if (point < 0) return quickInteger(raw);
  const wholeDigits = point - start;
  if (wholeDigits < 1 || raw.length - start > 16 || point === raw.length - 1) return null;
  if (raw.charCodeAt(raw.length - 1) === 0x30) return null;
  // A leading zero is right only in "0.5"; "0.0…" may be small enough for a double to write an exponent.
  if (raw.charCodeAt(start) === 0x30 && (wholeDigits > 1 || raw.charCodeAt(point + 1) === 0x30)) return null;
  return raw;
}

function quickDate(raw: string): string | null {
  return raw.length === 10 && startsWithDay(raw) ? `"${raw}"` : null;
}

/** An instant in whole seconds. */
function quickDatetime(raw: string): string | null {
  if (raw.length !== 20 || raw.charCodeAt(10) !== 0x54 || raw.charCodeAt(19) !== 0x5a) return null;
  if (raw.charCodeAt(13) !== 0x3a || raw.charCodeAt(16) !== 0x3a || !startsWithDay(raw)) return null;
  const exists = digits(raw, 11, 13) <= 23 && digits(raw, 14, 16) <= 59 && digits(raw, 17, 19) <= 59;
  return exists ? `"${raw}"` : null;
}

function startsWithDay(raw: string): boolean {
  if (raw.charCodeAt(4) !== 0x2d || raw.charCodeAt(7) !== 0x2d) return false;
  return isCalendarDay(digits(raw, 0, 4), digits(raw, 5, 7), digits(raw, 8, 10));
}

/** The number at [start, end), or NaN, which is in no range. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return NaN;
    number = number * 10 + code - 0x30;
  }
  return number;
}
