import { FileProblem, type ByteSource, type Detection, type ReadLimits, type SourceOptions } from "../types";
import { headerOf } from "./header";
import { loadSharedStrings, openWorkbook, type OpenWorkbook } from "./open";
import { problemFor } from "./problems";
import { sheetPieces } from "./rows";
import type { WorkbookSheet } from "./workbook";

/** Rows before the header that may be looked at besides the sample. */
const HEAD_ROWS = 50;

interface Head {
  rows: string[][];
  rowNumbers: number[];
  partBytes: number;
  dimension: string;
  /** True when the sheet holds no more rows. */
  complete: boolean;
  sheetRow: number;
  stopped?: unknown;
}

/** The sheet told by index or name. */
export function pickSheet(
  workbook: OpenWorkbook,
  told: number | string,
): { index: number; sheet: WorkbookSheet } {
  const { sheets } = workbook;
  const fold = (name: string) => name.trim().toLowerCase();
  let index = typeof told === "number" ? told : sheets.findIndex((sheet) => sheet.name === told);
  if (index === -1 && typeof told === "string")
    index = sheets.findIndex((sheet) => fold(sheet.name) === fold(told));
  const sheet = sheets[index];
  if (sheet) return { index, sheet };
  const names = sheets.map(({ name }) => `"${name}"`).join(", ");
  const what = typeof told === "number" ? `no sheet number ${told + 1}` : `no sheet named "${told}"`;
  throw new FileProblem("sheet-not-found", `The workbook has ${what}. It has: ${names}.`, {
    sheet: String(told),
  });
}

export async function detectWorkbook(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  try {
    return await detectWithin(file, options, limits, sampleSize);
  } catch (error) {
    throw problemFor(error);
  }
}

async function detectWithin(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  const workbook = await openWorkbook(file, limits);
  const { index, sheet, evidence } = await chooseSheet(file, workbook, options.sheet, limits);
  const rowsWanted = sampleSize + Math.max(HEAD_ROWS, options.headerRow ?? 0) + 1;
  const head = await readHead(file, workbook, sheet, limits, rowsWanted);
  if (head.rows.length === 0) throw nothingIn(sheet, head);
  const header = headerOf(head.rows, head.rowNumbers, options.headerRow);
  const lastSkipped = header.skippedRows + header.headerRows;
  const data = head.rows.filter((_, i) => (head.rowNumbers[i] ?? 0) > lastSkipped);
  if (data.length === 0 && head.complete) {
    const text = `Sheet "${sheet.name}" has a header but no rows below it.`;
    throw new FileProblem("header-only", text, { sheet: sheet.name });
  }
  if (workbook.archive.cutOff)
    evidence.push("The file is cut off at its end: what was found before was read.");
  if (head.stopped !== undefined)
    evidence.push("The sheet is damaged: the rows before the damage can be read.");
  const { headerRows, skippedRows, syntheticHeader, columns } = header;
  return {
    format: "xlsx",
    source: { format: "xlsx", sheet: index, headerRow: headerRows === 0 ? 0 : lastSkipped },
    headerRows,
    skippedRows,
    syntheticHeader,
    columns,
    sampleRows: data.slice(0, sampleSize),
    rowEstimate: head.complete ? data.length : estimateRows(head, sheet, data.length, lastSkipped),
    rowEstimateExact: head.complete,
    sheets: workbook.sheets.map(({ name }, i) => ({ index: i, name })),
    evidence: [...evidence, ...header.evidence],
  };
}

/** The sheet told, else the first visible one that holds anything, else the first hidden one that does. */
async function chooseSheet(
  file: ByteSource,
  workbook: OpenWorkbook,
  told: number | string | undefined,
  limits: ReadLimits,
): Promise<{ index: number; sheet: WorkbookSheet; evidence: string[] }> {
  if (told !== undefined) {
    const { index, sheet } = pickSheet(workbook, told);
    return { index, sheet, evidence: [`Sheet "${sheet.name}", as told.`] };
  }
  const { sheets } = workbook;
  const order = [...sheets.filter(({ hidden }) => !hidden), ...sheets.filter(({ hidden }) => hidden)];
  let damaged: WorkbookSheet | undefined;
  for (const sheet of order) {
    const { rows, stopped } = await collect(file, workbook, sheet, () => "?", limits, 1);
    if (rows.length > 0) {
      const others = sheets.length === 1 ? "the only one" : `the first of ${sheets.length} with rows`;
      const hidden = sheet.hidden ? ", although hidden" : "";
      return {
        index: sheets.indexOf(sheet),
        sheet,
        evidence: [`Sheet "${sheet.name}", ${others}${hidden}.`],
      };
    }
    if (stopped !== undefined) damaged ??= sheet;
  }
  const sheet = damaged ?? order[0];
  if (!sheet) throw new FileProblem("empty-file", "The workbook has no sheets.");
  return { index: sheets.indexOf(sheet), sheet, evidence: [] };
}

/**
 * The first rows of a sheet. They are read twice: once to see which shared strings they need, so that of a table of
 * millions only the beginning is loaded.
 */
async function readHead(
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
  const first = await collect(file, workbook, sheet, noteIndex, limits, rowsWanted);
  if (stringsNeeded === 0) return first;
  const strings = await loadSharedStrings(file, workbook, limits, { countMax: stringsNeeded });
  return collect(file, workbook, sheet, (index) => strings.at(index), limits, rowsWanted);
}

async function collect(
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

function nothingIn(sheet: WorkbookSheet, head: Head): unknown {
  if (head.stopped !== undefined)
    return problemFor(head.stopped, { sheet: sheet.name, sheetRow: head.sheetRow });
  return new FileProblem("empty-file", `Sheet "${sheet.name}" is empty.`, { sheet: sheet.name });
}

/**
 * Data rows from the sheet's stated dimension, when the bytes make it likely: some writers state the first cell only,
 * some the whole grid.
 */
function estimateRows(head: Head, sheet: WorkbookSheet, sampled: number, lastSkipped: number): number {
  const bytesInAll = sheet.part?.uncompressedSize;
  const byBytes =
    bytesInAll === undefined ? sampled : Math.round((bytesInAll / head.partBytes) * head.rows.length);
  const lastRow = Number(/:\$?[A-Za-z]+\$?(\d+)$/.exec(head.dimension)?.[1] ?? 0);
  const byDimension = lastRow - lastSkipped;
  const likely = byDimension >= sampled && byDimension < byBytes * 3 && byDimension * 3 > byBytes;
  return Math.max(sampled, likely ? byDimension : byBytes - lastSkipped);
}
