import { isCalendarDay } from "@/lib/core/fields/calendar";
import { explainCell } from "@/lib/core/fields/coerce";
import type { CellError, CoerceOptions } from "@/lib/core/fields/outcome";
import type { Field } from "@/lib/core/fields/types";

/**
 * One field made ready for a million cells. `encode` gives the JSON text of the canonical value, "" for an empty cell
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

/** Distinct raw values remembered per column. */
const MEMORY_ENTRIES_MAX = 4096;
/** Longer cells hardly repeat, and would keep the chunk of the file alive that they were cut from. */
const MEMORY_CHARS_MAX = 64;

export function compileColumn(field: Field, options: CoerceOptions): CompiledColumn {
  return new Column(field, options, quickEncoder(field, options));
}

class Column implements CompiledColumn {
  corrections = 0;
  private readonly memory = new Map<string, Remembered>();
  private hits = 0;
  private remembers = true;
  private readonly empty: string | CellError;

  constructor(
    readonly field: Field,
    private readonly options: CoerceOptions,
    private readonly quick: QuickEncoder,
  ) {
    this.empty = explainCell("", field, options).error ?? "";
  }

  encode(raw: string): string | CellError {
    if (raw === "") return this.empty;
    return this.quick(raw) ?? this.slow(raw);
  }

  private slow(raw: string): string | CellError {
    const found = this.memory.get(raw);
    if (found !== undefined) {
      this.hits++;
      if (found.corrected) this.corrections++;
      return found.result;
    }
    const { value, correction, error } = explainCell(raw, this.field, this.options);
    const result = error ?? (value === undefined ? "" : JSON.stringify(value));
    if (correction) this.corrections++;
    if (this.remembers && raw.length <= MEMORY_CHARS_MAX) {
      this.remember(raw, { result, corrected: correction !== undefined });
    }
    return result;
  }

  private remember(raw: string, entry: Remembered): void {
    if (this.memory.size >= MEMORY_ENTRIES_MAX) {
      // A column of ever new values only pays for the memory.
      this.remembers = this.hits > MEMORY_ENTRIES_MAX / 4;
      this.memory.clear();
      this.hits = 0;
    }
    this.memory.set(raw, entry);
  }
}

const never: QuickEncoder = () => null;

function quickEncoder(field: Field, options: CoerceOptions): QuickEncoder {
  switch (field.type) {
    case "text":
    case "reference":
    case "media":
      return field.semantic === undefined ? quickText : never;
    case "integer":
      return quickInteger;
    case "decimal":
      return options.decimalComma === true ? quickInteger : quickDecimal;
    case "date":
      return quickDate;
    default:
      return never;
  }
}

/** Text without white space at its ends and without anything that JSON escapes or PostgreSQL refuses. */
function quickText(raw: string): string | null {
  const end = raw.length - 1;
  if (!isInk(raw.charCodeAt(0)) || !isInk(raw.charCodeAt(end))) return null;
  for (let index = 0; index <= end; index++) {
    const code = raw.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) return null;
  }
  return `"${raw}"`;
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
  if (raw.length !== 10 || raw.charCodeAt(4) !== 0x2d || raw.charCodeAt(7) !== 0x2d) return null;
  const year = digits(raw, 0, 4);
  const month = digits(raw, 5, 7);
  const day = digits(raw, 8, 10);
  return isCalendarDay(year, month, day) ? `"${raw}"` : null;
}

/** The number at [start, end), or NaN, which no calendar day survives. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return NaN;
    number = number * 10 + code - 0x30;
  }
  return number;
}
