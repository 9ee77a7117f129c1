import type { ByteSource, ReadLimits } from "../types";
import { loadSharedStrings, type OpenWorkbook } from "./open";
import { sheetPieces } from "./rows";
import type { WorkbookSheet } from "./workbook";

/** The beginning of a sheet: its first rows that hold something. */
export interface Head {
  rows: string[][];
  rowNumbers: number[];
  partBytes: number;
  dimension: string;
  /** True when the sheet holds no more rows. */
  complete: boolean;
  sheetRow: number;
  stopped?: unknown;
}

/**
 * The first rows of a sheet. They are read twice: once to see which shared strings they need, so that of a table of
 * millions only the beginning is loaded.
 */
export async function readHead(
  file: ByteSource,
  workbook: OpenWorkbook,
  sheet: WorkbookSheet,
  limits: ReadLimits,
  rowsWanted: number,
): Promise<Head> {
  let stringsNeeded = 0;
  const noteIndex = (index: number) => {
    stringsNeeded = Math.max(stringsNeeded, index + 1);
    return "?";
  };
  const first = await firstRows(file, workbook, sheet, noteIndex, limits, rowsWanted);
  if (stringsNeeded === 0) return first;
  const strings = await loadSharedStrings(file, workbook, limits, { countMax: stringsNeeded });
  return firstRows(file, workbook, sheet, (index) => strings.at(index), limits, rowsWanted);
}

/** Rows of a sheet until there are `rowsWanted`, or all. */
export async function firstRows(
  file: ByteSource,
  workbook: OpenWorkbook,
  sheet: WorkbookSheet,
  sharedString: (index: number) => string | undefined,
  limits: ReadLimits,
  rowsWanted: number,
): Promise<Head> {
  const head: Head = { rows: [], rowNumbers: [], partBytes: 0, dimension: "", complete: true, sheetRow: 0 };
  for await (const piece of sheetPieces(file, workbook, sheet, sharedString, limits)) {
    head.rows.push(...piece.rows);
    head.rowNumbers.push(...piece.rowNumbers);
    head.partBytes = piece.partBytes;
    head.dimension = piece.dimension;
    head.sheetRow = piece.sheetRow;
    head.stopped = piece.stopped;
    head.complete = piece.stopped === undefined;
    if (head.rows.length >= rowsWanted) {
      head.complete = piece.ended;
      break;
    }
  }
  return head;
}
