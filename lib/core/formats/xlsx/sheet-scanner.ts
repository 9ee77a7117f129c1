import type { ReadLimits } from "../types";
import {
  CELL_INLINE,
  CELL_NUMBER,
  CELL_SHARED,
  cellType,
  columnNumber,
  valueFromBytes,
  valueFromText,
  wholeNumber,
  type CellContext,
} from "./cell-values";
import { GT, INCOMPLETE, LT, SLASH, elementText, endOfTag, localName, skipMarkup } from "./markup";
import { ReadStop } from "../read-stop";
import { PRESERVE, isInlineType, isMarkup, isPreserve, isRow, isSharedType, statedRow } from "./sheet-markup";
import { TEXT_CLASS, TEXT_END, decodeText } from "./text";

/**
 * Reads a worksheet part as it is inflated. `scan` takes what is certain from a buffer and says how many bytes that
 * was; the rest is given again with more behind it. The unit is one cell or one tag, so nothing but the row under
 * construction is carried from buffer to buffer, and a buffer may end at any byte.
 */
export class SheetScanner {
  /** Completed rows with at least one value, not yet taken. */
  rows: string[][] = [];
  /** The 1-based row of the sheet, as a spreadsheet program shows it, of each of `rows`. */
  rowNumbers: number[] = [];
  /** The `ref` of the dimension element, which writers may leave out or get wrong. */
  dimension = "";
  /** True once all rows are complete; what follows in the part is of no interest. */
  done = false;
  /** 1-based sheet row last begun. */
  rowNumber = 0;
  private inData = false;
  private cells: string[] | undefined;
  private column = 0;
  // Of the cell being scanned.
  private type = CELL_NUMBER;
  private style = 0;
  /** 1-based column that the cell states, 0 when it does not. */
  private stated = 0;
  private text = "";

  constructor(
    private readonly context: CellContext,
    private readonly limits: ReadLimits,
  ) {}

  /** Returns the number of bytes used, at most `end`. `bytes[end]` must be "<", so that no loop runs past the end. */
  scan(bytes: Buffer, end: number): number {
    let at = 0;
    while (!this.done) {
      while (bytes[at] !== LT) at++;
      if (at + 3 >= end) return Math.min(at, end);
      const second = bytes[at + 2]!;
      const isCell = bytes[at + 1] === 0x63 && (second === 0x20 || second === GT) && this.cells !== undefined;
      const next = isCell ? this.scanCell(bytes, at + 2, end) : this.scanTag(bytes, at, end);
      if (next === INCOMPLETE) return at;
      at = next;
    }
    return at;
  }

  private scanTag(bytes: Buffer, at: number, end: number): number {
    const first = bytes[at + 1]!;
    if (isMarkup(first)) return skipMarkup(bytes, at, end);
    const close = endOfTag(bytes, at, end);
    if (close === INCOMPLETE) return INCOMPLETE;
    if (isRow(bytes, first === SLASH ? at + 2 : at + 1)) {
      this.scanRowTag(bytes, at, close);
      return close;
    }
    if (first === SLASH) {
      const name = localName(bytes, at + 2, close);
      if (name === "row") this.scanRowTag(bytes, at, close);
      else if (name === "sheetData") this.finish();
      return close;
    }
    const name = localName(bytes, at + 1, close);
    const selfClosed = bytes[close - 2] === SLASH;
    if (name === "c" && this.cells) {
      let nameEnd = at + 2;
      while (bytes[nameEnd]! > 0x20 && bytes[nameEnd] !== GT && bytes[nameEnd] !== SLASH) nameEnd++;
      return this.scanCell(bytes, nameEnd, end);
    }
    if (name === "row") this.scanRowTag(bytes, at, close);
    else if (name === "sheetData") {
      this.inData = true;
      if (selfClosed) this.finish();
    } else if (name === "dimension") {
      this.dimension = /\sref\s*=\s*["']([^"']*)["']/.exec(bytes.toString("latin1", at, close))?.[1] ?? "";
    }
    return close;
  }

  private scanRowTag(bytes: Buffer, at: number, close: number) {
    this.endRow();
    if (bytes[at + 1] === SLASH || !this.inData) return;
    const stated = statedRow(bytes, at, close);
    this.rowNumber = stated > this.rowNumber ? stated : this.rowNumber + 1;
    this.cells = [];
    this.column = 0;
    if (bytes[close - 2] === SLASH) this.endRow();
  }

  private endRow() {
    if (this.cells !== undefined && this.cells.length > 0) {
      this.rows.push(this.cells);
      this.rowNumbers.push(this.rowNumber);
    }
    this.cells = undefined;
  }

  private finish() {
    this.endRow();
    this.done = true;
  }

  /** A whole cell from the byte after its name; nothing is kept unless all of it is there. */
  private scanCell(bytes: Buffer, from: number, end: number): number {
    this.type = CELL_NUMBER;
    this.style = 0;
    this.stated = 0;
    this.text = "";
    let at = this.scanUsualAttributes(bytes, from);
    if (at === INCOMPLETE || at > end) {
      at = this.scanAttributes(bytes, from, end);
      if (at === INCOMPLETE) return INCOMPLETE;
    }
    const empty = bytes[at - 2] === SLASH;
    const next = empty ? at : this.scanContent(bytes, at, end);
    if (next === INCOMPLETE) return INCOMPLETE;
    this.column = this.stated || this.column + 1;
    if (this.text !== "") this.place(this.column - 1, this.text);
    return next;
  }

  /**
   * ` r="B7">`, ` r="B7" s="2" t="s">`, ` r="B7" t="inlineStr">` and the like: what most cells have. Returns the offset after the ">", or
   * INCOMPLETE for anything else. May look beyond the end, where the sentinel and what is left of earlier bytes stand.
   */
  private scanUsualAttributes(bytes: Buffer, from: number): number {
    if (bytes[from + 1] !== 0x72 || bytes[from + 3] !== 0x22 || bytes[from + 2] !== 0x3d) return INCOMPLETE;
    let at = from + 4;
    let column = 0;
    for (let letter = bytes[at]!; letter > 0x40 && letter < 0x5b; letter = bytes[++at]!) {
      column = column * 26 + (letter & 0x1f);
    }
    while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
    if (bytes[at] !== 0x22) return INCOMPLETE;
    this.stated = column;
    at++;
    if (bytes[at] === 0x20 && bytes[at + 1] === 0x73 && bytes[at + 2] === 0x3d && bytes[at + 3] === 0x22) {
      at += 4;
      let style = 0;
      for (let digit = bytes[at]! - 0x30; digit >= 0 && digit <= 9; digit = bytes[++at]! - 0x30) {
        style = style * 10 + digit;
      }
      if (bytes[at] !== 0x22) return INCOMPLETE;
      this.style = style;
      at++;
    }
    if (bytes[at] === GT) return at + 1;
    if (bytes[at] === SLASH && bytes[at + 1] === GT) return at + 2;
    if (isSharedType(bytes, at)) {
      this.type = CELL_SHARED;
      return at + 7;
    }
    if (isInlineType(bytes, at)) {
      this.type = CELL_INLINE;
      return at + 15;
    }
    return INCOMPLETE;
  }

  /** Any attributes; returns the offset after the ">" of the start tag. */
  private scanAttributes(bytes: Buffer, from: number, end: number): number {
    let at = from;
    this.type = CELL_NUMBER;
    this.style = 0;
    this.stated = 0;
    for (;;) {
      if (at >= end) return INCOMPLETE;
      const byte = bytes[at++]!;
      if (byte === GT) return at;
      if (byte <= 0x20 || byte === SLASH) continue;
      const name = at;
      while (at < end && bytes[at] !== 0x3d) at++;
      // Only the one-letter attributes r, s and t matter; "cm", "vm" and "ph" do not.
      const oneLetter = at === name || (at < end && bytes[name]! <= 0x20);
      at++;
      while (at < end && bytes[at]! <= 0x20) at++;
      if (at >= end) return INCOMPLETE;
      const quote = bytes[at++]!;
      const value = at;
      while (at < end && bytes[at] !== quote) at++;
      if (at >= end) return INCOMPLETE;
      if (oneLetter) {
        if (byte === 0x72) this.stated = columnNumber(bytes, value, at);
        else if (byte === 0x73) this.style = wholeNumber(bytes, value, at);
        else if (byte === 0x74) this.type = cellType(bytes, value, at);
      }
      at++;
    }
  }

  /** From the byte after the cell's start tag to the byte after its end tag; leaves the value in `text`. */
  private scanContent(bytes: Buffer, from: number, end: number): number {
    let at = from;
    for (;;) {
      while (bytes[at] !== LT) at++;
      if (at + 3 >= end) return INCOMPLETE;
      const first = bytes[at + 1]!;
      if (first === SLASH && bytes[at + 2] === 0x63 && bytes[at + 3] === GT) return at + 4;
      let next = INCOMPLETE;
      if (first === 0x76 && bytes[at + 2] === GT) next = this.scanPlainValue(bytes, at + 3, end);
      else if (first === 0x69 && bytes[at + 2] === 0x73 && bytes[at + 3] === GT) {
        next = this.scanPlainInline(bytes, at + 4, end);
      }
      if (next === INCOMPLETE) {
        if (isMarkup(first)) next = skipMarkup(bytes, at, end);
        else {
          const close = endOfTag(bytes, at, end);
          if (close === INCOMPLETE) return INCOMPLETE;
          if (first === SLASH && localName(bytes, at + 2, close) === "c") return close;
          next = first === SLASH ? close : this.scanElement(bytes, at, close, end);
        }
        if (next === INCOMPLETE) return INCOMPLETE;
      }
      at = next;
    }
  }

  /** Digits or text up to `</v>`, the shape nearly every value has, after `<v>`. */
  private scanPlainValue(bytes: Buffer, start: number, end: number): number {
    let classes = 0;
    let at = start;
    for (;;) {
      const found = TEXT_CLASS[bytes[at]!]!;
      if (found === TEXT_END) break;
      classes |= found;
      at++;
    }
    if (at + 4 > end || bytes[at + 1] !== SLASH || bytes[at + 3] !== GT) return INCOMPLETE;
    this.text = valueFromBytes(this.context, this.type, this.style, bytes, start, at, classes);
    return at + 4;
  }

  /** `<t>text</t></is>`, the shape nearly every writer gives an inline string, after `<is>`. */
  private scanPlainInline(bytes: Buffer, from: number, end: number): number {
    if (bytes[from] !== LT || bytes[from + 1] !== 0x74) return INCOMPLETE;
    let start = from + 2;
    if (isPreserve(bytes, start)) start += PRESERVE.length - 1;
    else if (bytes[start] !== GT) {
      if (bytes[start] !== 0x20) return INCOMPLETE;
      while (start < end && bytes[start] !== GT) start++;
      if (start >= end || bytes[start - 1] === SLASH) return INCOMPLETE;
    }
    start++;
    if (start > end) return INCOMPLETE;
    let classes = 0;
    let at = start;
    for (;;) {
      const found = TEXT_CLASS[bytes[at]!]!;
      if (found === TEXT_END) break;
      classes |= found;
      at++;
    }
    if (at + 9 > end || bytes[at + 1] !== SLASH || bytes[at + 2] !== 0x74 || bytes[at + 3] !== GT)
      return INCOMPLETE;
    if (bytes[at + 4] !== LT || bytes[at + 5] !== SLASH || bytes[at + 8] !== GT) return INCOMPLETE;
    this.text = decodeText(bytes, start, at, classes);
    return at + 9;
  }

  /** The less usual: prefixes, attributes, runs, comments and CDATA inside text, formulas, extensions. */
  private scanElement(bytes: Buffer, at: number, close: number, end: number): number {
    const name = localName(bytes, at + 1, close);
    if ((name !== "v" && name !== "is") || bytes[close - 2] === SLASH) return close;
    const found = elementText(bytes, at, end, name === "v" ? "direct" : "runs");
    if (!found) return INCOMPLETE;
    this.text = name === "is" ? found.text : valueFromText(this.context, this.type, this.style, found.text);
    return found.next;
  }

  private place(index: number, text: string) {
    const cells = this.cells!;
    if (text.length > this.limits.cellCharsMax) {
      throw new ReadStop("cell-too-long", `a cell holds ${text.length} characters`, index + 1);
    }
    if (index >= this.limits.columnsMax) {
      throw new ReadStop("too-many-columns", `a cell stands in column ${index + 1}`, index + 1);
    }
    while (cells.length < index) cells.push("");
    if (cells.length === index) cells.push(text);
    else cells[index] = text;
  }
}
