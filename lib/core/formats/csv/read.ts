import { encodedLength } from "@/lib/core/formats/encoding/decoder";
import { decodeFile } from "@/lib/core/formats/encoding/text";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type ReadLimits,
  type RowBatch,
} from "@/lib/core/formats/types";
import type { Dialect } from "./dialect";
import { CsvTokenizer, TokenizerFault } from "./tokenizer";

const BATCH_ROWS_MAX = 4096;

/** The dialect a complete `source` states. */
export function dialectOf(source: Detection["source"]): Dialect {
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
 * are the escape character.
 * @throws FileProblem after the rows before it were delivered
 */
export async function* readCsv(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
): AsyncGenerator<RowBatch> {
  const dialect = dialectOf(detection.source);
  const encoding = detection.source.encoding ?? "utf-8";
  const rowsBefore = detection.skippedRows + detection.headerRows;
  const tokenizer = new CsvTokenizer(dialect, {
    limits,
    expectedColumns: usualWidth(detection.sampleRows) || detection.columns.length,
    keepBlankRows: rowsBefore,
  });
  let rowsToSkip = rowsBefore;
  let rowsRead = 0;
  let bytesRead = 0;

  const push = function* (text: string, last: boolean): Generator<RowBatch> {
    const rows: string[][] = [];
    let fault: TokenizerFault | undefined;
    try {
      tokenizer.push(
        dialect.escape === "\0" || !text.includes("\0") ? text : text.replaceAll("\0", ""),
        last,
        rows,
      );
    } catch (error) {
      if (!(error instanceof TokenizerFault)) throw error;
      fault = error;
    }
    if (rowsToSkip > 0) rowsToSkip -= rows.splice(0, rowsToSkip).length;
    const tooMany = rowsRead + rows.length > limits.rowsMax;
    if (tooMany) rows.length = limits.rowsMax - rowsRead;
    for (let from = 0; from < rows.length; from += BATCH_ROWS_MAX) {
      const batch = rows.length <= BATCH_ROWS_MAX ? rows : rows.slice(from, from + BATCH_ROWS_MAX);
      yield { firstRow: rowsRead + 1, rows: batch, bytesRead };
      rowsRead += batch.length;
    }
    if (tooMany) throw tooManyRows(limits);
    if (fault !== undefined) {
      throw problemOf(fault, rowsRead + 1, bytesRead - encodedLength(fault.pendingText, encoding), limits);
    }
  };

  for await (const piece of decodeFile(file, encoding)) {
    bytesRead = piece.bytesRead;
    yield* push(piece.text, false);
  }
  yield* push("", true);
}

function tooManyRows(limits: ReadLimits): FileProblem {
  const row = limits.rowsMax + 1;
  return new FileProblem(
    "too-many-rows",
    `The file has more than ${limits.rowsMax} rows. Split it into several files.`,
    { row },
  );
}

/** The sentence for a fault of the tokenizer. */
export function problemOf(fault: TokenizerFault, row: number, byte: number, limits: ReadLimits): FileProblem {
  const where = row > 0 ? { row, byte } : { byte };
  const place = row > 0 ? `row ${row} (byte ${byte})` : `the rows before the data (byte ${byte})`;
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
