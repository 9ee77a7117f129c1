import { encodedLength } from "@/lib/core/formats/encoding/decoder";
import { decodeFile, type TextPiece } from "@/lib/core/formats/encoding/text";
import type { PassedOver } from "@/lib/core/formats/file-rows";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type ReadLimits,
  type RowBatch,
} from "@/lib/core/formats/types";
import type { Dialect } from "./dialect";
import { CsvTokenizer } from "./tokenizer";
import { TokenizerFault } from "./tokenizer-options";

/** Rows gathered before they are handed over; a piece of text adds at most a few thousand more. */
const BATCH_ROWS = 2048;

/** The dialect a complete `source` states. */
function dialectOf(source: Detection["source"]): Dialect {
  return { delimiter: source.delimiter ?? ",", quote: source.quote ?? '"', escape: source.escape ?? "" };
}

/** The number of cells most rows have; the greater one of two equally frequent numbers. 0 without rows. */
export function usualWidth(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [cells, count] of counts) {
    if (count > most || (count === most && cells > width)) [width, most] = [cells, count];
  }
  return width;
}

/**
 * Streams the data rows of a delimited text file. NUL characters, which no database stores, are left out unless they
 * are the escape character. Totally empty lines are no rows, in a file of one column neither: an empty value there is
 * written `""`.
 * @throws FileProblem (or what the source throws) after the rows before it were delivered
 */
export async function* readCsv(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
): AsyncGenerator<RowBatch> {
  const encoding = detection.source.encoding ?? "utf-8";
  const gatherer = new RowGatherer(detection, limits);
  const pieces = decodeFile(file, encoding);
  try {
    for (;;) {
      const step = await pieces.next().catch((error: unknown) => ({ done: true as const, error }));
      const failed = "error" in step;
      const fault = gatherer.push(step.done === true ? undefined : step.value, failed);
      const last = step.done === true || fault !== undefined;
      const batch = gatherer.take(last);
      if (batch !== undefined) yield batch;
      if (fault !== undefined) {
        const byte = gatherer.bytesRead - encodedLength(fault.pendingText, encoding);
        throw problemOf(fault, gatherer.rowsTaken + 1, byte, limits, gatherer.nextFileRow);
      }
      if (gatherer.tooMany) throw tooManyRows(limits);
      if (failed) throw withRow(step.error, gatherer.rowsTaken + 1);
      if (last) return;
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** Gathers the rows of small pieces of text into batches, without those before the data. */
class RowGatherer {
  bytesRead = 0;
  rowsTaken = 0;
  private rowsAbove: number;
  /** Whether the file has more rows than the limit, all of which were taken. */
  tooMany = false;
  private rows: string[][] = [];
  private rowsToSkip: number;
  private passedOver: PassedOver[] = [];
  private readonly tokenizer: CsvTokenizer;
  private readonly keepsNul: boolean;

  constructor(
    detection: Detection,
    private readonly limits: ReadLimits,
  ) {
    const dialect = dialectOf(detection.source);
    this.rowsToSkip = detection.skippedRows + detection.headerRows;
    this.rowsAbove = this.rowsToSkip;
    this.keepsNul = dialect.escape === "\0";
    this.tokenizer = new CsvTokenizer(dialect, {
      limits,
      expectedColumns: usualWidth(detection.sampleRows) || detection.columns.length,
      keepBlankRows: this.rowsToSkip,
    });
  }

  /** Takes the next piece in; without one, the end of the file, unless the file broke off and its last row with it. */
  push(piece: TextPiece | undefined, broken: boolean): TokenizerFault | undefined {
    if (piece !== undefined) this.bytesRead = piece.bytesRead;
    else if (broken) return undefined;
    const text = piece?.text ?? "";
    try {
      const clean = piece?.mayHoldNul === true && !this.keepsNul ? text.replaceAll("\0", "") : text;
      this.tokenizer.push(clean, piece === undefined, this.rows);
      this.noteEmptyLines();
      return undefined;
    } catch (error) {
      if (error instanceof TokenizerFault) return error;
      throw error;
    }
  }

  /** The file's row, as a spreadsheet program numbers them, behind all that were taken. */
  get nextFileRow(): number {
    return this.rowsAbove + this.rowsTaken + 1;
  }

  private noteEmptyLines(): void {
    const { emptyLines } = this.tokenizer;
    this.rowsAbove += emptyLines.length;
    for (const place of emptyLines) {
      const before = this.rowsTaken + place - this.rowsToSkip + 1;
      const latest = this.passedOver.at(-1);
      if (latest?.before === before) latest.rows++;
      else this.passedOver.push({ before, rows: 1 });
    }
    emptyLines.length = 0;
  }

  take(last: boolean): RowBatch | undefined {
    if (this.rowsToSkip > 0) this.rowsToSkip -= this.rows.splice(0, this.rowsToSkip).length;
    const room = this.limits.rowsMax - this.rowsTaken;
    this.tooMany = this.rows.length > room;
    if (this.tooMany) this.rows.length = room;
    const { rows, passedOver } = this;
    if (rows.length === 0 || (rows.length < BATCH_ROWS && !last && !this.tooMany)) return undefined;
    this.rows = [];
    this.passedOver = [];
    const firstRow = this.rowsTaken + 1;
    this.rowsTaken += rows.length;
    return { firstRow, rows, bytesRead: this.bytesRead, passedOver };
  }
}

function withRow(error: unknown, row: number): unknown {
  if (!(error instanceof FileProblem) || error.where.row !== undefined) return error;
  return new FileProblem(error.code, error.message, { ...error.where, row });
}

function tooManyRows(limits: ReadLimits): FileProblem {
  const row = limits.rowsMax + 1;
  const message = `The file has more than ${limits.rowsMax} rows. Split it into several files.`;
  return new FileProblem("too-many-rows", message, { row });
}

/** The sentence for a fault of the tokenizer; it names the file's row, as a person finds it there. */
export function problemOf(
  fault: TokenizerFault,
  row: number,
  byte: number,
  limits: ReadLimits,
  fileRow = row,
): FileProblem {
  const where = row > 0 ? { row, byte } : { byte };
  const place = row > 0 ? `row ${fileRow} (byte ${byte})` : `the rows before the data (byte ${byte})`;
  switch (fault.kind) {
    case "unclosed-quote":
      return new FileProblem(
        "unclosed-quote",
        `A quoted cell opens in ${place} and is never closed. Close the quote in the file, or choose "no quotes" if its quotes are ordinary characters.`,
        where,
      );
    case "too-many-columns":
      return new FileProblem(
        "too-many-columns",
        `There are more than ${limits.columnsMax} columns in ${place}. Check the delimiter, or split the file.`,
        where,
      );
    case "cell-too-long":
      return new FileProblem(
        "cell-too-long",
        `A cell in ${place} is longer than ${limits.cellCharsMax} characters. Check the quotes in the file there.`,
        where,
      );
  }
}
