import { columnNames } from "../csv/columns";
import { FileProblem, type ByteSource, type Detection, type ReadLimits, type SourceOptions } from "../types";
import { ferryWorkbookOf, type FerryWorkbook, type WorkbookCollection } from "./ferry-sheet";
import { readHead } from "./head";
import type { OpenWorkbook } from "./open";
import type { WorkbookSheet } from "./workbook";
import { FERRY_SHEET } from "./write/sheet-names";

/** The column of each record's id. */
const ID_COLUMN = "_id";
/** Collections that a sheet "Ferry" is looked through for. */
const STATED_ROWS_MAX = 20_000;

/**
 * What a workbook that Ferry wrote says of its sheets, also after a spreadsheet has saved it: the collections whose sheets
 * are still there. Undefined for any other workbook.
 */
export async function ferryWorkbook(
  file: ByteSource,
  workbook: OpenWorkbook,
  limits: ReadLimits,
): Promise<FerryWorkbook | undefined> {
  const sheet = workbook.sheets.find(({ name }) => name === FERRY_SHEET);
  if (!sheet) return undefined;
  const head = await readHead(file, workbook, sheet, limits, STATED_ROWS_MAX);
  const stated = ferryWorkbookOf(head.rows);
  const collections =
    stated?.collections.filter((collection) => sheetsOf(workbook, collection).length > 0) ?? [];
  return collections.length > 0 ? { ...stated, collections } : undefined;
}

/** The sheets of a collection, in the order of their rows. */
export function sheetsOf(workbook: OpenWorkbook, { sheets }: WorkbookCollection): WorkbookSheet[] {
  return sheets.flatMap((name) => workbook.sheets.find((sheet) => sheet.name === name) ?? []);
}

/** Where the ids of records stand, -1 when they do not. */
export function idColumn(detection: Detection): number {
  return detection.columns.indexOf(ID_COLUMN);
}

export interface FerryDetectionInput {
  ferry: FerryWorkbook;
  options: SourceOptions;
  limits: ReadLimits;
  sampleSize: number;
}

/** As `detectWorkbook`, with each collection as one table, and its fields as the export states them. */
export async function detectFerry(
  file: ByteSource,
  workbook: OpenWorkbook,
  { ferry, options, limits, sampleSize }: FerryDetectionInput,
): Promise<Detection> {
  const index = chosenOf(ferry.collections, options.sheet);
  const collection = ferry.collections[index]!;
  const [first, ...others] = sheetsOf(workbook, collection);
  const head = await readHead(file, workbook, first!, limits, sampleSize + 2);
  const hasHeader = head.rowNumbers[0] === 1;
  const columns = namesOf(hasHeader ? (head.rows[0] ?? []) : [], collection);
  const data = hasHeader ? head.rows.slice(1) : head.rows;
  const exact = head.complete && others.length === 0;
  return {
    format: "xlsx",
    source: { format: "xlsx", sheet: index, headerRow: 1 },
    headerRows: 1,
    skippedRows: 0,
    syntheticHeader: false,
    columns,
    sampleRows: data.slice(0, sampleSize),
    rowEstimate: exact ? data.length : Math.max(collection.recordCount, data.length),
    rowEstimateExact: exact,
    sheets: ferry.collections.map(({ name }, i) => ({ index: i, name })),
    fields: [...collection.fields],
    keyFields: [...collection.keyFields],
    ...(collection.template !== null && { template: collection.template }),
    exportedAt: ferry.exportedAt,
    evidence: [
      `A workbook that Ferry exported: collection "${collection.name}" of ${ferry.collections.length}.`,
      "The types of its columns are those that the sheet “Ferry” states.",
    ],
  };
}

/** The names of the columns: a label as it was exported stands for its field, wherever the column is now. */
function namesOf(header: readonly string[], { columns }: WorkbookCollection): string[] {
  if (header.length === 0) return columns.map(({ name }) => name);
  const free = new Set(columns);
  const exact = header.map((label, i) => {
    const column = columns[i]?.label === label ? columns[i] : undefined;
    if (column) free.delete(column);
    return column;
  });
  const names = header.map((label, i) => {
    const column = exact[i] ?? [...free].find((other) => other.label === label);
    if (column) free.delete(column);
    return column?.name ?? label;
  });
  return columnNames(names, names.length);
}

function chosenOf(collections: readonly WorkbookCollection[], told: number | string | undefined): number {
  if (told === undefined) {
    const most = Math.max(...collections.map((c) => c.recordCount));
    return collections.findIndex((c) => c.recordCount === most);
  }
  const index = collections.findIndex(
    (c, i) => i === told || c.name === told || c.sheets.some((s) => s === told),
  );
  if (index !== -1) return index;
  const names = collections.map(({ name }) => `"${name}"`).join(", ");
  throw new FileProblem("sheet-not-found", `The workbook has no collection "${told}". It has: ${names}.`, {
    sheet: String(told),
  });
}
