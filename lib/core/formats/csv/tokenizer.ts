import type { Dialect } from "./dialect";
import { repairRow, type RepairedRow } from "./repair";

export interface TokenizerLimits {
  columnsMax: number;
  cellCharsMax: number;
}

export interface TokenizerOptions {
  limits: TokenizerLimits;
  /** Cells a row should have, to judge rows whose quotes do not add up; 0 when unknown. */
  expectedColumns: number;
  /** Empty lines among the first so many rows are rows ([""]); all later ones are passed over. */
  keepBlankRows: number;
}

/** What the tokenizer cannot read past. `pendingText` is all text pushed so far from the place of the fault on. */
export class TokenizerFault extends Error {
  constructor(
    readonly kind: "unclosed-quote" | "too-many-columns" | "cell-too-long",
    readonly pendingText: string,
  ) {
    super(kind);
    this.name = "TokenizerFault";
  }
}

const LF = 10;
const CR = 13;
const SPACE = 32;
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

  private rest = "";
  private pieces: string[] = [];
  private piecesChars = 0;
  private skipLineFeed = false;
  private blankRowsToKeep: number;
  /** Length of `rest` from which the row held is tried again, so that a long row is not scanned once a piece. */
  private retryAt = 0;

  private readonly delimiterCode: number;
  private readonly quoteCode: number;
  private readonly escapeCode: number;

  constructor(
    private readonly dialect: Dialect,
    private readonly options: TokenizerOptions,
  ) {
    this.delimiterCode = codeOf(dialect.delimiter);
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
    let all = this.rest + (this.pieces.length === 1 ? text : this.pieces.join(""));
    this.pieces = [];
    this.piecesChars = 0;
    if (this.skipLineFeed && all.length > 0) {
      this.skipLineFeed = false;
      if (all.charCodeAt(0) === LF) all = all.slice(1);
    }
    this.rest = "";
    const done = this.scan(all, last, out);
    this.rest = done === 0 ? all : all.slice(done);
    this.retryAt = this.rest.length * 2;
  }

  /** Reads rows from the start of `text`; returns where the first unfinished one starts. */
  private scan(text: string, last: boolean, out: string[][]): number {
    const { delimiterCode: delimiter, quoteCode: quote, escapeCode: escape } = this;
    const delimiterLength = this.dialect.delimiter.length;
    const singleDelimiter = delimiterLength === 1;
    const { columnsMax, cellCharsMax } = this.options.limits;
    const checkCells = text.length > cellCharsMax;
    const length = text.length;
    let rowStart = 0;
    let at = 0;
    while (rowStart < length) {
      const row: string[] = [];
      let odd = false;
      let quotedLineEnd = false;
      let stray: RepairedRow | undefined;
      at = rowStart;
      for (;;) {
        let code = at < length ? text.charCodeAt(at) : -1;
        if (code === quote && quote !== -1) {
          const cell = this.quotedCell(text, at, last);
          if (cell === undefined) {
            stray = this.strayQuote(text, rowStart, at, last);
            if (stray === undefined) return rowStart;
            break;
          }
          if (cell.after < 0) {
            odd = true;
            break;
          }
          if (cell.lineEnd) quotedLineEnd = true;
          row.push(cell.value);
          if (checkCells && cell.value.length > cellCharsMax)
            throw new TokenizerFault("cell-too-long", text.slice(at));
          at = cell.after;
          code = at < length ? text.charCodeAt(at) : -1;
        } else {
          const from = at;
          let escaped = false;
          for (; at < length; at++) {
            code = text.charCodeAt(at);
            if (code === LF || code === CR) break;
            if (code === delimiter && (singleDelimiter || text.startsWith(this.dialect.delimiter, at))) break;
            if (code === escape && escape !== -1) {
              escaped = true;
              at++;
            }
          }
          if (at >= length) {
            code = -1;
            at = length;
          }
          if (checkCells && at - from > cellCharsMax)
            throw new TokenizerFault("cell-too-long", text.slice(from));
          // A delimiter of several characters may be cut by the end of the piece, an escape from its character.
          if (code === -1 && !last) return rowStart;
          const value = text.slice(from, at);
          row.push(escaped ? this.unescape(value) : value);
        }
        if (code === -1) {
          if (!last) return rowStart;
          break;
        }
        if (code === LF || code === CR) break;
        at += delimiterLength;
        if (row.length > columnsMax) throw new TokenizerFault("too-many-columns", text.slice(rowStart));
      }
      if (odd) {
        stray = repairRow(text, rowStart, last, this.dialect, this.options.expectedColumns);
        if (stray === undefined) return rowStart;
      } else if (quotedLineEnd) {
        stray = this.shorterRow(text, rowStart, row.length);
      }
      if (stray !== undefined) {
        this.repairedRows++;
        out.push(stray.cells);
        rowStart = stray.next;
        continue;
      }
      if (row.length > columnsMax) throw new TokenizerFault("too-many-columns", text.slice(rowStart));
      this.finishRow(row, at - rowStart, out);
      rowStart = at < length ? this.afterLineEnd(text, at, last) : length;
    }
    return length;
  }

  private finishRow(row: string[], chars: number, out: string[][]): void {
    if (chars > 0) out.push(row);
    else if (this.blankRowsToKeep > 0) out.push([""]);
    if (this.blankRowsToKeep > 0) this.blankRowsToKeep--;
  }

  private afterLineEnd(text: string, at: number, last: boolean): number {
    if (text.charCodeAt(at) === LF) return at + 1;
    if (at + 1 < text.length) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
    this.skipLineFeed = !last;
    return at + 1;
  }

  /**
   * Reads the quoted cell at `open`. `after` is the place of the delimiter or line end that follows, or -1 when
   * something else does. Undefined when the closing quote (or what follows it) is not in the text.
   */
  private quotedCell(
    text: string,
    open: number,
    last: boolean,
  ): { value: string; after: number; lineEnd: boolean } | undefined {
    const { quote, escape, delimiter } = this.dialect;
    let value = "";
    let from = open + 1;
    let scan = from;
    for (;;) {
      const close = text.indexOf(quote, scan);
      if (close < 0) return undefined;
      if (escape !== "" && this.isEscaped(text, from, close)) {
        scan = close + 1;
        this.escapedQuotes++;
        continue;
      }
      if (close + 1 >= text.length && !last) return undefined;
      if (text.charCodeAt(close + 1) === this.quoteCode) {
        value += text.slice(from, close + 1);
        from = scan = close + 2;
        this.escapedQuotes++;
        continue;
      }
      let after = close + 1;
      while (after < text.length && text.charCodeAt(after) === SPACE && this.delimiterCode !== SPACE) after++;
      if (!last && text.length - after < Math.max(1, delimiter.length)) return undefined;
      value += text.slice(from, close);
      if (escape !== "") value = this.unescape(value);
      this.quotedCells++;
      return {
        value,
        after: this.endsCell(text, after) ? after : -1,
        lineEnd: value.includes("\n") || value.includes("\r"),
      };
    }
  }

  private endsCell(text: string, at: number): boolean {
    if (at >= text.length) return true;
    const code = text.charCodeAt(at);
    return (
      code === LF || code === CR || (this.delimiterCode !== -1 && text.startsWith(this.dialect.delimiter, at))
    );
  }

  /** Whether an odd number of escape characters stands before `at`. */
  private isEscaped(text: string, from: number, at: number): boolean {
    let escapes = 0;
    while (at - 1 - escapes >= from && text.charCodeAt(at - 1 - escapes) === this.escapeCode) escapes++;
    return escapes % 2 === 1;
  }

  /** An escape character is dropped before a quote, a delimiter or another one; before anything else it is text. */
  private unescape(value: string): string {
    const { quote, escape, delimiter } = this.dialect;
    if (!value.includes(escape)) return value;
    let plain = "";
    for (let at = 0; at < value.length; at++) {
      const next = value.charAt(at + 1);
      const drops = next !== "" && (next === quote || next === escape || value.startsWith(delimiter, at + 1));
      if (value.charAt(at) === escape && drops && !(next === delimiter && delimiter === "")) {
        plain += next;
        at++;
      } else {
        plain += value.charAt(at);
      }
    }
    return plain;
  }

  /** A row whose quoted cells hold line ends and that has not the expected cells: a stray quote may join two rows. */
  private shorterRow(text: string, rowStart: number, cells: number): RepairedRow | undefined {
    const { expectedColumns } = this.options;
    if (expectedColumns <= 1 || cells === expectedColumns) return undefined;
    const firstLine = repairRow(text, rowStart, true, this.dialect, expectedColumns, 1);
    return firstLine?.fits === true ? firstLine : undefined;
  }

  /**
   * The text ends inside the quoted cell at `open`. Undefined: wait for more. At the end of the file, or once the cell
   * is suspiciously long, the quote is taken for a stray one if the row then has the expected cells.
   */
  private strayQuote(text: string, rowStart: number, open: number, last: boolean): RepairedRow | undefined {
    const openChars = text.length - open;
    const { expectedColumns, limits } = this.options;
    if (!last && openChars <= Math.min(SUSPICIOUS_CHARS, limits.cellCharsMax)) return undefined;
    const repaired = repairRow(text, rowStart, true, this.dialect, expectedColumns);
    if (repaired?.fits === true && expectedColumns > 1) return repaired;
    if (last) throw new TokenizerFault("unclosed-quote", text.slice(open));
    if (openChars > limits.cellCharsMax) throw new TokenizerFault("cell-too-long", text.slice(open));
    return undefined;
  }
}

function codeOf(characters: string): number {
  return characters === "" ? -1 : characters.charCodeAt(0);
}
