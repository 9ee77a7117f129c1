import { unescapeCell, type Dialect } from "./dialect";
import { lineCutEverywhere, rowWithStrayQuote, shorterRow } from "./odd-rows";
import { repairRow, type RepairedRow } from "./repair";
import { TokenizerFault, type TokenizerOptions } from "./tokenizer-options";

const LF = 10;
const CR = 13;
const SPACE = 32;
/** Outcomes of reading a row that are no place in the text. */
const WAIT = -1;
/** A closing quote is followed by neither delimiter nor line end. */
const ODD = -2;
/** A quoted cell has no closing quote in the text. */
const OPEN = -3;
/** In a trial, so many odd rows are read anew; a dialect with more is hardly the right one. */
const DRAFT_REPAIRS_MAX = 60;
/** An open quote is looked into once it is this long: is it a long cell, or a stray quote? */
const SUSPICIOUS_CHARS = 128 * 1024;

/**
 * Cuts text into rows of raw cells, piece by piece: rows may straddle pieces anywhere. A cell that starts with a quote
 * is quoted; quotes elsewhere are characters like any other; blanks between a closing quote and the delimiter are
 * dropped. A row whose quotes do not add up goes to `repairRow`. One row at most is held between calls.
 */
export class CsvTokenizer {
  /** Cells that were quoted. */
  quotedCells = 0;
  /** Quotes that were escaped: doubled, or after the escape character. */
  escapedQuotes = 0;
  /** Rows whose quotes did not add up. */
  repairedRows = 0;
  /** Quotes inside quoted cells of such rows that nothing escapes. */
  loneQuotes = 0;

  /** The text being scanned, and its length. */
  private text = "";
  private length = 0;
  /** The next delimiter, line feed, carriage return, escape character and quote: sought again only once passed. */
  private nextDelimiter = -1;
  private nextLineFeed = -1;
  private nextReturn = -1;
  private nextEscape = -1;
  private nextQuote = -1;

  /** What the last calls of `row` and `quotedCell` found besides their result. */
  private cell = "";
  private lineEndInRow = false;
  private openAt = 0;

  private rest = "";
  private pieces: string[] = [];
  private piecesChars = 0;
  private skipLineFeed = false;
  private blankRowsToKeep: number;
  /** Length of `rest` from which the row held is tried again, so that a long row is not scanned once a piece. */
  private retryAt = 0;

  /** For each empty line passed over how many rows stood in `out` then. Whoever pushes empties it. */
  readonly emptyLines: number[] = [];

  private readonly quoteCode: number;
  private readonly escapeCode: number;

  constructor(
    private readonly dialect: Dialect,
    private readonly options: TokenizerOptions,
  ) {
    this.quoteCode = codeOf(dialect.quote);
    this.escapeCode = codeOf(dialect.escape);
    this.blankRowsToKeep = options.keepBlankRows;
  }

  /** Characters pushed that are no part of a finished row yet. */
  get pendingChars(): number {
    return this.rest.length + this.piecesChars;
  }

  /**
   * Appends the rows that `text` completes to `out`; with `last`, also the row that the file ends in the middle of.
   * @throws TokenizerFault after the rows before it were appended
   */
  push(text: string, last: boolean, out: string[][]): void {
    this.pieces.push(text);
    this.piecesChars += text.length;
    if (!last && this.pendingChars < this.retryAt) return;
    const fresh = this.pieces.length === 1 ? text : this.pieces.join("");
    this.pieces = [];
    this.piecesChars = 0;
    const from = this.finishHeldRow(fresh, last, out);
    const held = this.rest;
    this.rest = "";
    this.scanFrom(from, held === "" ? fresh : held + fresh.slice(from), last, out, held !== "");
    this.retryAt = this.rest.length * 2;
  }

  /**
   * Ends the row held over with the first line of `fresh`, if it ends there. Then the rest of `fresh` can be read as it
   * is: places in a string that was put together from two cost noticeably more.
   * @returns how much of `fresh` was taken
   */
  private finishHeldRow(fresh: string, last: boolean, out: string[][]): number {
    if (this.rest === "") return 0;
    const lineFeed = fresh.indexOf("\n");
    if (lineFeed < 0 || lineFeed + 1 === fresh.length || last) return 0;
    const held = this.rest + fresh.slice(0, lineFeed + 1);
    this.rest = "";
    try {
      this.scanFrom(0, held, false, out, true);
    } catch (error) {
      if (!(error instanceof TokenizerFault)) throw error;
      throw new TokenizerFault(error.kind, error.pendingText + fresh.slice(lineFeed + 1));
    }
    return lineFeed + 1;
  }

  /** Reads the rows of text[from…) and holds what is left of it. */
  private scanFrom(from: number, text: string, last: boolean, out: string[][], joined: boolean): void {
    let start = joined ? 0 : from;
    if (this.skipLineFeed && start < text.length) {
      this.skipLineFeed = false;
      if (text.charCodeAt(start) === LF) start++;
    }
    this.text = text;
    this.length = text.length;
    this.forgetPlaces();
    const done = this.scan(start, last, out);
    this.rest = done === 0 ? text : text.slice(done);
    this.text = "";
  }

  /** Reads the rows of the text from `from` on; returns where the first unfinished one starts. */
  private scan(from: number, last: boolean, out: string[][]): number {
    const { text, length } = this;
    let rowStart = from;
    while (rowStart < length) {
      const row: string[] = [];
      const end = this.row(row, rowStart, last);
      if (end === WAIT) return rowStart;
      let repaired: RepairedRow | undefined;
      if (end === ODD) repaired = this.oddRow(rowStart, last);
      else if (end === OPEN) repaired = this.strayQuote(rowStart, last);
      else if (this.lineEndInRow) {
        repaired = shorterRow(text, rowStart, row.length, this.dialect, this.options.expectedColumns);
      }
      if (repaired !== undefined) {
        this.repairedRows++;
        this.loneQuotes += repaired.loneQuotes;
        out.push(repaired.cells);
        rowStart = repaired.next;
        this.forgetPlaces();
        continue;
      }
      if (end < 0) return rowStart;
      if (end > rowStart) out.push(row);
      else if (this.blankRowsToKeep > 0) out.push([""]);
      else this.emptyLines.push(out.length);
      if (this.blankRowsToKeep > 0) this.blankRowsToKeep--;
      rowStart = end + 1;
      if (end === this.nextReturn) {
        if (rowStart < length) rowStart += text.charCodeAt(rowStart) === LF ? 1 : 0;
        else this.skipLineFeed = !last;
      }
    }
    return length;
  }

  /** For a new text, and after a row that was read anew, which may end before places already passed. */
  private forgetPlaces(): void {
    this.nextDelimiter = this.dialect.delimiter === "" ? this.length : -1;
    this.nextEscape = this.dialect.escape === "" ? this.length : -1;
    this.nextQuote = this.dialect.quote === "" ? this.length : -1;
    this.nextLineFeed = this.nextReturn = -1;
  }

  /** Place of the next line end from `at` on, or the length of the text. */
  private lineEnd(at: number): number {
    const { text, length } = this;
    if (this.nextLineFeed < at) {
      const found = text.indexOf("\n", at);
      this.nextLineFeed = found < 0 ? length : found;
    }
    if (this.nextReturn < at) {
      const found = text.indexOf("\r", at);
      this.nextReturn = found < 0 ? length : found;
    }
    return this.nextReturn < this.nextLineFeed ? this.nextReturn : this.nextLineFeed;
  }

  /**
   * Reads the cells of the row that starts at `at` into `row`. Returns the place of the line end (or of the end of the
   * file), or what is the matter: WAIT, ODD or OPEN.
   */
  private row(row: string[], at: number, last: boolean): number {
    const { text, length, quoteCode } = this;
    const { columnsMax, cellCharsMax } = this.options.limits;
    const { delimiter } = this.dialect;
    const rowStart = at;
    this.lineEndInRow = false;
    let rowEnd = this.lineEnd(at);
    if (this.isPlain(at, rowEnd)) return this.plainRow(row, at, rowEnd, last);
    for (;;) {
      let cellEnd: number;
      if (text.charCodeAt(at) === quoteCode) {
        cellEnd = this.quotedCell(at, last);
        if (cellEnd < 0) return cellEnd;
        if (this.cell.length > cellCharsMax) throw new TokenizerFault("cell-too-long", text.slice(at));
        row.push(this.cell);
        if (cellEnd > rowEnd) rowEnd = this.lineEnd(cellEnd);
      } else {
        if (this.nextDelimiter < at) {
          const found = text.indexOf(delimiter, at);
          this.nextDelimiter = found < 0 ? length : found;
        }
        cellEnd = this.nextDelimiter < rowEnd ? this.nextDelimiter : rowEnd;
        if (this.nextEscape < cellEnd && this.escapedCell(at, cellEnd)) {
          cellEnd = this.cellEndAfterEscapes(at);
          if (cellEnd > rowEnd) rowEnd = this.lineEnd(cellEnd);
          row.push(unescapeCell(text.slice(at, cellEnd), this.dialect));
        } else {
          row.push(text.slice(at, cellEnd));
        }
        if (cellEnd - at > cellCharsMax) throw new TokenizerFault("cell-too-long", text.slice(at));
      }
      if (row.length > columnsMax) throw new TokenizerFault("too-many-columns", text.slice(rowStart));
      if (cellEnd === rowEnd) {
        // The text ends in the row: a delimiter of several characters may be cut, or an escape from its character.
        if (rowEnd === length && !last) return WAIT;
        return rowEnd;
      }
      at = cellEnd + delimiter.length;
    }
  }

  /** Whether text[from, to) has neither quotes nor escapes, nor anything long enough to break a limit. */
  private isPlain(from: number, to: number): boolean {
    if (this.nextQuote < from) {
      const found = this.text.indexOf(this.dialect.quote, from);
      this.nextQuote = found < 0 ? this.length : found;
    }
    const { columnsMax, cellCharsMax } = this.options.limits;
    return (
      this.nextQuote >= to && !this.escapedCell(from, to) && to - from < Math.min(columnsMax, cellCharsMax)
    );
  }

  /** Reads the cells of a row that is only to be cut at its delimiters: most rows of most files. */
  private plainRow(row: string[], at: number, rowEnd: number, last: boolean): number {
    const { text, length } = this;
    const { delimiter } = this.dialect;
    if (rowEnd === length && !last) return WAIT;
    let next = this.nextDelimiter;
    if (next < at) {
      next = text.indexOf(delimiter, at);
      if (next < 0) next = length;
    }
    while (next < rowEnd) {
      row.push(text.slice(at, next));
      at = next + delimiter.length;
      next = text.indexOf(delimiter, at);
      if (next < 0) next = length;
    }
    row.push(text.slice(at, rowEnd));
    this.nextDelimiter = next;
    return rowEnd;
  }

  /** Whether an escape character stands in text[from, to). */
  private escapedCell(from: number, to: number): boolean {
    if (this.nextEscape < from) {
      const found = this.text.indexOf(this.dialect.escape, from);
      this.nextEscape = found < 0 ? this.length : found;
    }
    return this.nextEscape < to;
  }

  /** End of the unquoted cell at `at`, where an escape character takes the meaning from the character after it. */
  private cellEndAfterEscapes(at: number): number {
    for (; at < this.length; at++) {
      if (this.text.charCodeAt(at) === this.escapeCode) at++;
      else if (this.endsCell(at)) return at;
    }
    return this.length;
  }

  /**
   * Reads the quoted cell at `open` into `cell`. Returns the place of the delimiter or line end after it; WAIT, ODD (it
   * is followed by something else) or OPEN (no closing quote in the text).
   */
  private quotedCell(open: number, last: boolean): number {
    const { text, length, quoteCode } = this;
    const { quote, escape, delimiter } = this.dialect;
    let cell = "";
    let from = open + 1;
    let escaped = false;
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      if (escape !== "" && this.isEscaped(from, at)) {
        escaped = true;
        this.escapedQuotes++;
        continue;
      }
      if (at + 1 >= length && !last) return WAIT;
      if (text.charCodeAt(at + 1) === quoteCode) {
        cell += text.slice(from, at + 1);
        from = at + 2;
        at++;
        this.escapedQuotes++;
        continue;
      }
      let after = at + 1;
      if (delimiter !== " ") while (text.charCodeAt(after) === SPACE) after++;
      if (!last && length - after < Math.max(1, delimiter.length)) return WAIT;
      cell = cell === "" ? text.slice(from, at) : cell + text.slice(from, at);
      this.cell =
        escaped || (escape !== "" && cell.includes(escape)) ? unescapeCell(cell, this.dialect) : cell;
      if (this.lineEnd(open) < at) this.lineEndInRow = true;
      this.quotedCells++;
      return this.endsCell(after) ? after : ODD;
    }
    this.openAt = open;
    return OPEN;
  }

  /** Whether an odd number of escape characters stands before `at`. */
  private isEscaped(from: number, at: number): boolean {
    let escapes = 0;
    while (at - 1 - escapes >= from && this.text.charCodeAt(at - 1 - escapes) === this.escapeCode) escapes++;
    return escapes % 2 === 1;
  }

  private endsCell(at: number): boolean {
    if (at >= this.length) return true;
    const code = this.text.charCodeAt(at);
    const { delimiter } = this.dialect;
    return code === LF || code === CR || (delimiter !== "" && this.text.startsWith(delimiter, at));
  }

  /** A row whose quotes do not add up, read anew; undefined: wait for more. */
  private oddRow(rowStart: number, last: boolean): RepairedRow | undefined {
    const { text, dialect, options } = this;
    if (options.draft !== true) return repairRow(text, rowStart, last, dialect, options.expectedColumns);
    if (this.repairedRows < DRAFT_REPAIRS_MAX) return repairRow(text, rowStart, last, dialect, 0, 1);
    return lineCutEverywhere(text, rowStart, last, dialect);
  }

  /**
   * The text ends inside the quoted cell at `openAt`. Undefined: wait for more. At the end of the file, or once the cell
   * is suspiciously long, the quote may be taken for a stray one.
   */
  private strayQuote(rowStart: number, last: boolean): RepairedRow | undefined {
    const { text, openAt, dialect } = this;
    const openChars = text.length - openAt;
    const { expectedColumns, limits } = this.options;
    if (!last && openChars <= Math.min(SUSPICIOUS_CHARS, limits.cellCharsMax)) return undefined;
    const repaired = rowWithStrayQuote(text, rowStart, last, dialect, expectedColumns);
    if (repaired !== undefined) return repaired;
    if (last) throw new TokenizerFault("unclosed-quote", text.slice(openAt));
    if (openChars > limits.cellCharsMax) throw new TokenizerFault("cell-too-long", text.slice(openAt));
    return undefined;
  }
}

function codeOf(characters: string): number {
  return characters === "" ? -1 : characters.charCodeAt(0);
}
