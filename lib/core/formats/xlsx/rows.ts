import type { ByteSource, ReadLimits } from "../types";
import type { CellContext } from "./cell-values";
import { pendingBytesMax, type OpenWorkbook } from "./open";
import { partBytes, utf8, type ByteCounter } from "./part-bytes";
import { ReadStop } from "../read-stop";
import { ScanWindow } from "../scan-window";
import { SheetScanner } from "./sheet-scanner";
import type { WorkbookSheet } from "./workbook";

/** Rows of a sheet as they were completed, with the sheet's own row numbers. */
export interface SheetPiece {
  rows: string[][];
  rowNumbers: number[];
  /** Uncompressed bytes of the part so far. */
  partBytes: number;
  dimension: string;
  /** Row of the sheet last begun, for saying where something went wrong. */
  sheetRow: number;
  /** True with the last piece. */
  ended: boolean;
  /** What ended the reading early, with the last piece; the rows before it stand. */
  stopped?: unknown;
}

/** All rows that hold a value. Never throws: what goes wrong comes with the last piece, after the rows it left whole. */
export async function* sheetPieces(
  file: ByteSource,
  workbook: OpenWorkbook,
  sheet: WorkbookSheet,
  sharedString: CellContext["sharedString"],
  limits: ReadLimits,
  counter?: ByteCounter,
): AsyncGenerator<SheetPiece> {
  const { numberKinds, date1904 } = workbook;
  const scanner = new SheetScanner({ sharedString, numberKinds, date1904 }, limits);
  const window = new ScanWindow(scanner, pendingBytesMax(limits));
  let bytes = 0;
  const piece = (ended: boolean, stopped?: unknown): SheetPiece => {
    const { rows, rowNumbers, dimension, rowNumber } = scanner;
    scanner.rows = [];
    scanner.rowNumbers = [];
    return { rows, rowNumbers, partBytes: bytes, dimension, sheetRow: rowNumber, ended, stopped };
  };
  if (!sheet.part) {
    yield piece(true, new ReadStop("archive-damaged", "the sheet's part is missing from the file"));
    return;
  }
  const chunks = utf8(partBytes(file, sheet.part, limits, counter));
  try {
    for (;;) {
      let stopped: unknown;
      let over = false;
      try {
        const { done, value } = await chunks.next();
        if (done) window.finish();
        else {
          bytes += value.length;
          window.push(value);
        }
        over = done === true || scanner.done;
        if (done && !scanner.done)
          stopped = new ReadStop("archive-damaged", "the sheet's data end too early");
        if (!done && scanner.done) stopped = await damageBehind(chunks, workbook.archive.cutOff);
      } catch (error) {
        stopped = error;
      }
      const ended = over || stopped !== undefined;
      yield piece(ended, stopped);
      if (ended) return;
    }
  } finally {
    await chunks.return(undefined);
  }
}

/**
 * Reads what is left behind the rows: only the whole part's size and checksum tell whether the rows are what was written.
 * A part that is merely cut off behind its rows is no problem.
 */
async function damageBehind(chunks: AsyncIterator<Buffer, void>, cutOff: boolean): Promise<unknown> {
  try {
    while (!(await chunks.next()).done);
  } catch (error) {
    return cutOff && error instanceof ReadStop ? undefined : error;
  }
  return undefined;
}
