import {
  DURATION,
  PLAIN,
  TIME,
  dateText,
  decimalText,
  isoCellText,
  wholeDayText,
  type NumberKind,
} from "./number-text";
import { ReadStop } from "../read-stop";
import { decodeText } from "./text";

/** What cells refer to outside their sheet. */
export interface CellContext {
  /** The shared string, or undefined when the file does not hold it. */
  sharedString(index: number): string | undefined;
  /** The NumberKind of each cell style; undefined when the part that says is lost. */
  numberKinds: Uint8Array | undefined;
  date1904: boolean;
}

/** The values of the attribute `t` (ST_CellType), as the code of a letter: s(hared), (s)t(r), i(nlineStr), b, e, d, n. */
export const CELL_NUMBER = 0x6e;
export const CELL_SHARED = 0x73;
export const CELL_INLINE = 0x69;
const CELL_BOOLEAN = 0x62;
const CELL_DATE = 0x64;
const CELL_TEXT = 0x74;

export function cellType(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start]!;
  return end - start === 3 && first === CELL_SHARED ? CELL_TEXT : first;
}

/** The value of `<v>` as a raw string. */
export function valueFromBytes(
  context: CellContext,
  type: number,
  style: number,
  bytes: Buffer,
  start: number,
  end: number,
  classes: number,
): string {
  if (type === CELL_SHARED) {
    const index = wholeNumber(bytes, start, end);
    return index >= 0
      ? sharedText(context, index)
      : valueFromText(context, type, style, bytes.toString("latin1", start, end));
  }
  if (type === CELL_NUMBER && end - start <= 15) {
    // Most numbers are whole and written as they read; most dates are whole days.
    const whole = wholeNumber(bytes, start, end);
    if (whole >= 0 && (bytes[start] !== 0x30 || end - start === 1)) {
      const kind = kindOf(context, style);
      if (kind === PLAIN) return decodeText(bytes, start, end, classes);
      const day = kind === DURATION || kind === TIME ? undefined : wholeDayText(whole, context.date1904);
      if (day !== undefined) return day;
    }
  }
  return valueFromText(context, type, style, decodeText(bytes, start, end, classes));
}

export function valueFromText(context: CellContext, type: number, style: number, text: string): string {
  switch (type) {
    case CELL_NUMBER:
      return numberText(context, style, text);
    case CELL_SHARED:
      return text.trim() === "" ? "" : sharedText(context, Number(text));
    case CELL_BOOLEAN:
      return text.trim() === "1" || text.trim() === "true" ? "TRUE" : "FALSE";
    case CELL_DATE:
      return isoCellText(text);
    default:
      return text;
  }
}

function numberText(context: CellContext, style: number, text: string): string {
  if (text === "") return "";
  const kind = kindOf(context, style);
  return kind === PLAIN ? decimalText(text) : dateText(text, kind, context.date1904);
}

function kindOf(context: CellContext, style: number): NumberKind {
  if (context.numberKinds !== undefined) return (context.numberKinds[style] ?? PLAIN) as NumberKind;
  if (style <= 0) return PLAIN;
  throw new ReadStop(
    "archive-damaged",
    "the part of the workbook that says which numbers are dates is missing or damaged",
  );
}

function sharedText(context: CellContext, index: number): string {
  const text = context.sharedString(index);
  if (text === undefined) {
    throw new ReadStop("archive-damaged", `text ${index} of the workbook's text table is missing or damaged`);
  }
  return text;
}

/** Digits as a number, -1 for anything else. */
export function wholeNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return start === end ? -1 : value;
}

/** The 1-based column of a cell reference such as "AB12"; 0 when it has no letters. */
export function columnNumber(bytes: Buffer, start: number, end: number): number {
  let column = 0;
  for (let i = start; i < end; i++) {
    const letter = (bytes[i]! | 0x20) - 0x60;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column;
}
