import type { FieldType } from "@/lib/core/fields/types";
import { columnLetters, daySerial, isSafeNumber, timeMillis } from "./cell-bytes";
import { escapeText, STYLE } from "./parts";
import { copyText, COPY_ESCAPE, TEXT_NEEDS } from "./copy-text";

const TAB = 9;
const LF = 10;
const DAY_MILLIS = 86_400_000;
/** Characters of one cell (Excel's own limit). */
export const CELL_CHARS_MAX = 32_767;
/** A byte of a text becomes at most "_x0000_"; around a cell stand at most this many. */
const BYTE_GROWTH_MAX = 7;
const CELL_MARKUP_BYTES = 128;

type Kind = "text" | "number" | "date" | "datetime" | "boolean";

const KINDS: Record<FieldType, Kind> = {
  text: "text",
  enum: "text",
  reference: "text",
  url: "text",
  media: "text",
  integer: "number",
  decimal: "number",
  date: "date",
  datetime: "datetime",
  boolean: "boolean",
};

/** A text that no cell can hold; `row` is the 1-based data row. */
export class CellTooLong extends Error {
  constructor(
    readonly column: number,
    readonly row: number,
    readonly chars: number,
  ) {
    super(`the text of column ${column + 1} in row ${row} has ${chars} characters`);
    this.name = "CellTooLong";
  }
}

/**
 * Turns rows in the text form of PostgreSQL's COPY into rows of a worksheet, byte by byte: no string is made for what
 * stays as it is. Numbers that a double does not hold, and days before March 1900, are written as text.
 */
export class RowWriter {
  private readonly kinds: Kind[];
  private readonly openings: Buffer[];
  private out = Buffer.allocUnsafe(1 << 16);
  private at = 0;
  private rest: Buffer | undefined;
  private readonly rowDigits = Buffer.alloc(12);
  private rowDigitsLength = 0;
  /** Data rows written in all. */
  rows = 0;

  constructor(types: readonly FieldType[]) {
    this.kinds = types.map((type) => KINDS[type]);
    this.openings = types.map((_, i) => Buffer.from(`<c r="${columnLetters(i)}`));
  }

  /** Bytes written since the last `take`. */
  get size(): number {
    return this.at;
  }

  /**
   * Writes whole rows of [from, …) of `chunk`, at most `rowsMax`, the first as sheet row `sheetRow`. Returns the offset
   * after the last row written, or the chunk's length when what is left is the beginning of a row (it is kept).
   */
  write(chunk: Buffer, from: number, sheetRow: number, rowsMax: number): { next: number; rows: number } {
    let bytes = chunk;
    let shift = 0;
    let at = from;
    if (this.rest && from === 0) {
      shift = this.rest.length;
      bytes = Buffer.concat([this.rest, chunk]);
      this.rest = undefined;
    }
    let rows = 0;
    while (rows < rowsMax) {
      const end = bytes.indexOf(LF, at);
      if (end === -1) {
        if (at < bytes.length) this.rest = Buffer.from(bytes.subarray(at));
        return { next: chunk.length, rows };
      }
      this.writeRow(bytes, at, end, sheetRow + rows);
      rows++;
      at = end + 1;
    }
    // Only whole rows lie behind what was kept: the shift is never larger than the offset.
    return { next: at - shift, rows };
  }

  /** What has been written since the last call. */
  take(): Buffer {
    const taken = Buffer.from(this.out.subarray(0, this.at));
    this.at = 0;
    return taken;
  }

  private writeRow(bytes: Buffer, start: number, end: number, row: number): void {
    this.reserve((end - start) * BYTE_GROWTH_MAX + (this.kinds.length + 1) * CELL_MARKUP_BYTES);
    this.rowDigitsLength = this.rowDigits.write(String(row), "latin1");
    this.rows++;
    this.put('<row r="');
    this.putRow();
    this.put('">');
    let at = start;
    for (let column = 0; column < this.kinds.length; column++) {
      let classes = 0;
      let i = at;
      for (; i < end; i++) {
        const byte = bytes[i]!;
        if (byte === TAB) break;
        classes |= TEXT_NEEDS[byte]!;
      }
      if (i > at) this.writeCell(column, bytes, at, i, classes);
      at = i + 1;
    }
    this.put("</row>");
  }

  private writeCell(column: number, bytes: Buffer, start: number, end: number, classes: number): void {
    // \N is no value.
    if (end - start === 2 && bytes[start] === 0x5c && bytes[start + 1] === 0x4e) return;
    switch (this.kinds[column]) {
      case "number":
        if (!isSafeNumber(bytes, start, end)) break;
        this.open(column, "><v>");
        this.putBytes(bytes, start, end);
        this.put("</v></c>");
        return;
      case "boolean":
        this.open(column, bytes[start] === 0x74 ? ' t="b"><v>1</v></c>' : ' t="b"><v>0</v></c>');
        return;
      case "date":
        if (end - start === 10 && this.writeMoment(column, bytes, start, end)) return;
        break;
      case "datetime":
        if ((end - start === 20 || end - start === 24) && this.writeMoment(column, bytes, start, end)) return;
        break;
    }
    this.writeText(column, bytes, start, end, classes);
  }

  private writeMoment(column: number, bytes: Buffer, start: number, end: number): boolean {
    const day = daySerial(bytes, start);
    if (day === -1) return false;
    if (end - start === 10) {
      this.open(column, ` s="${STYLE.date}"><v>`);
      this.put(String(day));
    } else {
      const time = timeMillis(bytes, start + 11, end - 1);
      if (time === -1) return false;
      const style = end - start === 24 ? STYLE.datetimeMillis : STYLE.datetime;
      this.open(column, ` s="${style}"><v>`);
      this.put(String(day + time / DAY_MILLIS));
    }
    this.put("</v></c>");
    return true;
  }

  private writeText(column: number, bytes: Buffer, start: number, end: number, classes: number): void {
    const guarded = isFormulaLike(bytes[start]!);
    this.open(column, guarded ? ` s="${STYLE.guardedText}" t="inlineStr"><is><t` : ' t="inlineStr"><is><t');
    if (classes === 0) {
      if (end - start > CELL_CHARS_MAX) this.checkLength(column, bytes.toString("utf8", start, end));
      this.put(isSpace(bytes[start]!) || isSpace(bytes[end - 1]!) ? ' xml:space="preserve">' : ">");
      this.putBytes(bytes, start, end);
    } else {
      const raw = bytes.toString("utf8", start, end);
      const text = (classes & COPY_ESCAPE) !== 0 ? copyText(raw) : raw;
      this.checkLength(column, text);
      this.put(/^\s|\s$/.test(text) ? ' xml:space="preserve">' : ">");
      this.at += this.out.write(escapeText(text), this.at);
    }
    this.put("</t></is></c>");
  }

  private checkLength(column: number, text: string): void {
    if (text.length > CELL_CHARS_MAX) throw new CellTooLong(column, this.rows, text.length);
  }

  private open(column: number, rest: string): void {
    const opening = this.openings[column]!;
    for (const byte of opening) this.out[this.at++] = byte;
    this.putRow();
    this.out[this.at++] = 0x22;
    this.put(rest);
  }

  private putRow(): void {
    for (let i = 0; i < this.rowDigitsLength; i++) this.out[this.at++] = this.rowDigits[i]!;
  }

  /** ASCII. */
  private put(text: string): void {
    const { out } = this;
    for (let i = 0; i < text.length; i++) out[this.at++] = text.charCodeAt(i);
  }

  private putBytes(bytes: Buffer, start: number, end: number): void {
    if (end - start > 48) this.at += bytes.copy(this.out, this.at, start, end);
    else for (let i = start; i < end; i++) this.out[this.at++] = bytes[i]!;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.out.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.out.length * 2, this.at + bytes));
    this.out.copy(wider, 0, 0, this.at);
    this.out = wider;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20;
}

/** = + - @ and the apostrophe: a spreadsheet would take the text for something else when the cell is edited. */
function isFormulaLike(byte: number): boolean {
  return byte === 0x3d || byte === 0x2b || byte === 0x2d || byte === 0x40 || byte === 0x27;
}
