import {
  FileProblem,
  type ByteSource,
  type Detection,
  type FormatReader,
  type ReadLimits,
  type RowBatch,
  type Scratch,
} from "../types";
import type { PassedOver } from "../file-rows";
import { detectWorkbook, pickSheet } from "./detect";
import { isOle, isZip } from "./look-alikes";
import { ferryWorkbook, idColumn, sheetsOf } from "./ferry-read";
import { loadSharedStrings, openWorkbook, type OpenWorkbook } from "./open";
import { problemFor } from "./problems";
import { sheetPieces } from "./rows";
import type { WorkbookSheet } from "./workbook";

const BATCH_ROWS = 2_048;
const BATCH_PART_BYTES = 4 << 20;

/**
 * Excel workbooks (.xlsx, .xlsm; transitional and strict). A row's `number` counts the rows delivered; rows of the sheet
 * without any value are not. Dates, times and durations come as ISO text by their cell's number format.
 */
export const xlsxReader: FormatReader = {
  format: "xlsx",

  /** Archives and compound files of any kind: what is no workbook is refused by name in `detect`. */
  sniff: (head) => isZip(head) || isOle(head),

  detect: (file, options, limits, sampleSize) => detectWorkbook(file, options, limits, sampleSize),

  read: (file, detection, limits, scratch) => readRows(file, detection, limits, scratch),
};

async function* readRows(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
  scratch: Scratch | undefined,
): AsyncGenerator<RowBatch> {
  const workbook = await openWorkbook(file, limits).catch((error: unknown) => {
    throw problemFor(error);
  });
  const { sheets, ids } = await sheetsToRead(file, workbook, detection, limits).catch((error: unknown) => {
    throw problemFor(error);
  });
  const strings = await loadSharedStrings(file, workbook, limits, { scratch }).catch((error: unknown) => {
    throw problemFor(error, { sheet: sheets[0]?.name ?? "", sheetRow: 0 });
  });
  // The share of the sheets' own parts: it tells how many rows are to come, which the texts, read before, do not. Of
  // packed bytes a good part is read ahead, so they only count where the directory does not say how many others there are.
  const counter = { bytesRead: 0 };
  const partsBytes = sheets.reduce((sum, { part }) => sum + (part?.uncompressedSize ?? 0), 0);
  const packedBytes = sheets.reduce((sum, { part }) => sum + (part?.compressedSize ?? 0), 0);
  const bytesRead = (partBytes: number) => {
    const share = partsBytes ? partBytes / partsBytes : counter.bytesRead / Math.max(1, packedBytes);
    return Math.round(Math.min(1, share) * file.size);
  };
  const skippedThrough = detection.skippedRows + detection.headerRows;
  let firstRow = 1;
  let rows: string[][] = [];
  let batchStart = 0;
  let before = 0;
  let passedOver: PassedOver[] = [];
  let emptyRows = 0;
  const noteEmptyRows = (sheetRows: readonly number[]) => {
    for (let i = 0; i < sheetRows.length; i++) {
      const dataRow = firstRow + rows.length + i;
      const gap = sheetRows[i]! - skippedThrough - dataRow - emptyRows;
      if (gap <= 0) continue;
      passedOver.push({ before: dataRow, rows: gap });
      emptyRows += gap;
    }
  };
  const batch = (partBytes: number): RowBatch => {
    const taken: RowBatch = { firstRow, rows, bytesRead: bytesRead(partBytes), passedOver };
    passedOver = [];
    if (ids !== -1) taken.sourceIds = rows.map((row) => row[ids] || undefined);
    firstRow += rows.length;
    rows = [];
    batchStart = partBytes;
    return taken;
  };
  for (const [i, sheet] of sheets.entries()) {
    const isLast = i === sheets.length - 1;
    for await (const piece of sheetPieces(
      file,
      workbook,
      sheet,
      (index) => strings.at(index),
      limits,
      counter,
    )) {
      const skipped = piece.rowNumbers.findIndex((number) => number > skippedThrough);
      const fresh = skipped === 0 ? piece.rows : skipped === -1 ? [] : piece.rows.slice(skipped);
      const room = limits.rowsMax - (firstRow - 1 + rows.length);
      // A collection of Ferry's own may go on in further sheets: there is no one place for its rows.
      if (i === 0 && skipped !== -1) noteEmptyRows(piece.rowNumbers.slice(skipped));
      rows = rows.length === 0 ? fresh.slice(0, room) : rows.concat(fresh.slice(0, room));
      let stopped = piece.stopped ?? (piece.ended && isLast ? strings.suspect : undefined);
      if (fresh.length > room) {
        stopped = new FileProblem("too-many-rows", `The sheet has more than ${limits.rowsMax} rows.`, {
          sheet: sheet.name,
          row: limits.rowsMax + 1,
        });
      }
      const partBytes = before + piece.partBytes;
      const full = rows.length >= BATCH_ROWS || partBytes - batchStart >= BATCH_PART_BYTES;
      if (rows.length > 0 && (full || stopped !== undefined)) yield batch(partBytes);
      if (stopped !== undefined)
        throw problemFor(stopped, { sheet: sheet.name, sheetRow: piece.sheetRow, row: firstRow });
    }
    before += sheet.part?.uncompressedSize ?? 0;
  }
  if (rows.length > 0) yield { ...batch(before), bytesRead: file.size };
}

/** The sheet that was detected; in a workbook of Ferry's, all sheets of the collection, and the column of its ids. */
async function sheetsToRead(
  file: ByteSource,
  workbook: OpenWorkbook,
  detection: Detection,
  limits: ReadLimits,
): Promise<{ sheets: WorkbookSheet[]; ids: number }> {
  const told = detection.source.sheet ?? 0;
  const ferry = detection.fields && (await ferryWorkbook(file, workbook, limits));
  const collection = typeof told === "number" ? ferry?.collections[told] : undefined;
  if (collection) return { sheets: sheetsOf(workbook, collection), ids: idColumn(detection) };
  return { sheets: [pickSheet(workbook, told).sheet], ids: -1 };
}
