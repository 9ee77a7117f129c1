import { isCalendarDay } from "@/lib/core/fields/calendar";
import { compileColumn } from "@/lib/core/fields/compile";
import { hasInkAt, PLAIN, QUOTE, BACKSLASH, isShortEscape, kindOf } from "@/lib/core/fields/json-bytes";
import { SeenValues } from "@/lib/core/fields/seen-values";
import type { Field } from "@/lib/core/fields/types";

/**
 * Looks at the JSON text of a value that begins at `at`: where it ends, provided that reading the value as a cell of its
 * field and writing it again would give these very bytes; -1 when it would not, or when that takes parsing the line.
 * `bytes` are UTF-8, and a line feed follows the line somewhere.
 */
export type UnchangedScan = (bytes: Buffer, at: number) => number;

/** What a field makes of values that it wrote itself, made ready for a million of them. */
export interface UnchangedField {
  scan: UnchangedScan;
  /** A record may lack it. */
  optional: boolean;
}

export function compileUnchanged(field: Field): UnchangedField {
  const column = compileColumn(field, {}, { memoryEntries: 0 });
  const closely = closeScan((raw) => column.encode(raw));
  const quick = quickScan(field);
  return {
    optional: column.encode("") === "",
    scan: (bytes, at) => {
      const end = quick(bytes, at);
      return end === -1 ? closely(bytes, at) : end;
    },
  };
}

/** A canonical value as a cell that reads back as the same. */
export function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
}

const never: UnchangedScan = () => -1;

/** These know the canonical texts of a type by their bytes; all they let pass, `compileColumn` lets pass as it is. */
function quickScan(field: Field): UnchangedScan {
  switch (field.type) {
    case "text":
    case "reference":
    case "media":
      return field.semantic === undefined ? scanText : never;
    case "integer":
      return scanInteger;
    case "decimal":
      return scanDecimal;
    case "date":
      return scanDate;
    case "datetime":
      return scanDatetime;
    default:
      return never;
  }
}

/** Any scalar: the field itself is asked, unless it was about the same bytes a moment ago. */
function closeScan(encode: (raw: string) => unknown): UnchangedScan {
  const seen = new SeenValues();
  return (bytes, at) => {
    const end = endOfScalar(bytes, at);
    if (end === -1) return -1;
    if (seen.has(bytes, at, end)) return end;
    const json = bytes.toString("utf8", at, end);
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return -1;
    }
    if (encode(cellText(value)) !== json) return -1;
    seen.add(bytes, at, end);
    return end;
  };
}

/** -1 for objects and arrays, and for what no value looks like. */
function endOfScalar(bytes: Buffer, at: number): number {
  if (bytes[at] === QUOTE) {
    for (let i = at + 1; ;) {
      const kind = kindOf(bytes[i]);
      if (kind === PLAIN) i++;
      else if (kind === QUOTE) return i + 1;
      else if (kind === BACKSLASH) i += 2;
      else return -1;
    }
  }
  let i = at;
  // Digits, sign, point, exponent, and the letters of true and false.
  for (let byte = bytes[i]; isWordByte(byte); byte = bytes[++i]);
  return i === at ? -1 : i;
}

function isWordByte(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) ||
      (byte >= 0x61 && byte <= 0x7a) ||
      byte === 0x2b ||
      byte === 0x2d ||
      byte === 0x2e ||
      byte === 0x45)
  );
}

function scanText(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const start = at + 1;
  let i = start;
  let escape = -1;
  for (;;) {
    const kind = kindOf(bytes[i]);
    if (kind === PLAIN) i++;
    else if (kind === QUOTE) break;
    else if (kind === BACKSLASH && isShortEscape(bytes[i + 1])) {
      escape = i;
      i += 2;
    } else return -1;
  }
  if (i === start || !hasInkAt(bytes, start)) return -1;
  let last = i - 1;
  if (escape === i - 2 && escape >= start) last = escape;
  else while ((bytes[last]! & 0xc0) === 0x80) last--;
  return hasInkAt(bytes, last) ? i + 1 : -1;
}

/** At most 15 digits, all of which a double holds exactly. */
function scanInteger(bytes: Buffer, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at;
  const end = endOfDigits(bytes, start);
  const length = end - start;
  if (length < 1 || length > 15) return -1;
  if (bytes[start] === ZERO && (length > 1 || start > at)) return -1;
  return goesOnAsNumber(bytes[end]) ? -1 : end;
}

/** At most 15 digits that a double writes the same way: no zero behind, no tiny fraction. */
function scanDecimal(bytes: Buffer, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at;
  const point = endOfDigits(bytes, start);
  if (bytes[point] !== POINT) return scanInteger(bytes, at);
  const end = endOfDigits(bytes, point + 1);
  if (point === start || end === point + 1 || end - start > 16 || bytes[end - 1] === ZERO) return -1;
  if (bytes[start] === ZERO && (point > start + 1 || bytes[point + 1] === ZERO)) return -1;
  return goesOnAsNumber(bytes[end]) ? -1 : end;
}

function scanDate(bytes: Buffer, at: number): number {
  return bytes[at] === QUOTE && bytes[at + 11] === QUOTE && isDayAt(bytes, at + 1) ? at + 12 : -1;
}

/** An instant in whole seconds. */
function scanDatetime(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE || bytes[at + 21] !== QUOTE || bytes[at + 20] !== 0x5a) return -1;
  return isDayAt(bytes, at + 1) && isSecondAt(bytes, at + 11) ? at + 22 : -1;
}

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;

/** YYYY-MM-DD, of a day that exists. */
export function isDayAt(bytes: Buffer, at: number): boolean {
  if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS) return false;
  return isCalendarDay(digits(bytes, at, 4), digits(bytes, at + 5, 2), digits(bytes, at + 8, 2));
}

/** THH:MM:SS */
export function isSecondAt(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 0x54 || bytes[at + 3] !== COLON || bytes[at + 6] !== COLON) return false;
  return digits(bytes, at + 1, 2) <= 23 && digits(bytes, at + 4, 2) <= 59 && digits(bytes, at + 7, 2) <= 59;
}

/** The number that these bytes write, or NaN, which is in no range. */
function digits(bytes: Buffer, start: number, length: number): number {
  let number = 0;
  for (let i = start; i < start + length; i++) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

export function endOfDigits(bytes: Buffer, start: number): number {
  let i = start;
  while (bytes[i]! >= ZERO && bytes[i]! <= 0x39) i++;
  return i;
}

function goesOnAsNumber(byte: number | undefined): boolean {
  return byte === POINT || byte === 0x65 || byte === 0x45;
}
