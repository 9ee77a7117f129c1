import { FileProblem, type ByteSource, type Detection, type ReadLimits, type SourceOptions } from "../types";
import { headerOf } from "./header";
import { detectFerry, ferryWorkbook } from "./ferry-read";
import { firstRows, readHead, type Head } from "./head";
import { openWorkbook, type OpenWorkbook } from "./open";
import { problemFor } from "./problems";
import type { WorkbookSheet } from "./workbook";

/** Rows before the header that may be looked at besides the sample. */
const HEAD_ROWS = 50;

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
  // A header told to be elsewhere is not the one that Ferry wrote.
  const ferry = (options.headerRow ?? 1) === 1 ? await ferryWorkbook(file, workbook, limits) : undefined;
  if (ferry) return detectFerry(file, workbook, { ferry, options, limits, sampleSize });
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
    const { rows, stopped } = await firstRows(file, workbook, sheet, () => "?", limits, 1);
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
