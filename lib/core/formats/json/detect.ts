import { columnNames } from "../csv/columns";
import { detectEncoding } from "../encoding/detect";
import { FileProblem, type ByteSource, type Detection, type ReadLimits, type SourceOptions } from "../types";
import { KeyTable } from "./key-table";
import { outlineOf } from "./outline";
import { RecordReader } from "./record-reader";
import { walkThrough } from "./stream";
import { TableFinder, type TableInfo } from "./table-finder";
import { JsonWalker, type RecordTable } from "./walker";

/** Keys are looked for in this much of a file: in all of most files. */
const SCAN_BYTES_MAX = 64 << 20;

/** A table as far as it was looked at. */
interface Sampled {
  info: TableInfo;
  keys: KeyTable;
  records: number;
  sample: string[][];
  /** The first record, when it is a list. */
  firstList?: { row: string[]; allTexts: boolean };
}

interface Scan {
  tables: Sampled[];
  complete: boolean;
  bytesRead: number;
  problem: Error | undefined;
}

export async function detectJson(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  if (file.size === 0) throw new FileProblem("empty-file", "The file is empty: it has 0 bytes.");
  const encoding = await detectEncoding(file, options.encoding);
  const outline = await outlineOf(file, encoding.encoding);
  const scan = await scanTables(file, encoding.encoding, outline, limits, sampleSize + 1);
  if (scan.tables.length === 0) {
    if (scan.problem !== undefined) throw scan.problem;
    if (outline.ferry) throw new FileProblem("empty-file", "The export holds no collections.");
    throw new FileProblem(
      "not-a-table",
      "The file holds no list of records: an array of objects, or one object a line.",
    );
  }
  const chosen = choose(scan.tables, options.sheet);
  if (chosen.records === 0 && !outline.ferry) {
    if (scan.problem !== undefined) throw scan.problem;
    throw new FileProblem("empty-file", "The file holds no records.");
  }
  const header = headerOf(chosen, options.headerRow);
  const dataRows = chosen.records - header.headerRows - header.skippedRows;
  const evidence = [
    encoding.evidence,
    shapeSentence(outline.sequence, outline.ferry, chosen, scan.tables.length),
  ];
  evidence.push(...header.evidence);
  if (!scan.complete) evidence.push(`Keys were looked for in the first ${SCAN_BYTES_MAX >> 20} MiB.`);
  if (scan.problem instanceof FileProblem) evidence.push(`Only part can be read. ${scan.problem.message}`);
  const sheet = outline.sequence ? undefined : chosen.info.index;
  return {
    format: "json",
    source: {
      format: "json",
      encoding: encoding.encoding,
      sheet,
      headerRow: header.skippedRows + header.headerRows,
    },
    headerRows: header.headerRows,
    skippedRows: header.skippedRows,
    syntheticHeader: header.syntheticHeader,
    columns: header.columns,
    sampleRows: chosen.sample.slice(header.headerRows + header.skippedRows).slice(0, sampleSize),
    rowEstimate: scan.complete ? dataRows : Math.round((dataRows / scan.bytesRead) * file.size),
    rowEstimateExact: scan.complete && scan.problem === undefined,
    ...(outline.sequence
      ? {}
      : { sheets: scan.tables.map(({ info: { index, name } }) => ({ index, name })) }),
    ...(outline.ferry ? { ...statedBy(chosen.info), exportedAt: outline.exportedAt } : {}),
    evidence,
  };
}

function statedBy({ fields = [], keyFields = [], template }: TableInfo) {
  return { fields, keyFields, ...(template !== undefined && { template }) };
}

async function scanTables(
  file: ByteSource,
  encoding: string,
  outline: { ferry: boolean; sequence: boolean },
  limits: ReadLimits,
  sampleSize: number,
): Promise<Scan> {
  const tables: Sampled[] = [];
  const progress = { bytesRead: 0, row: 1 };
  const open = (info: TableInfo): RecordTable => {
    const fields = info.fields?.map(({ name }) => name) ?? [];
    const keys = new KeyTable(fields, limits.columnsMax);
    const sampled: Sampled = { info, keys, records: 0, sample: [] };
    tables.push(sampled);
    const reader = new RecordReader(keys, limits, outline.ferry ? "ferry" : "plain");
    progress.row = 1;
    return {
      reader,
      last: false,
      record: () => {
        if (sampled.records === 0 && reader.wasList)
          sampled.firstList = { row: reader.row, allTexts: reader.allTexts };
        if (sampled.records++ < sampleSize) sampled.sample.push(reader.row);
        progress.row++;
        return true;
      },
    };
  };
  const walker = outline.sequence
    ? new JsonWalker({ choose: () => "skip" }, open({ index: 0, name: "records" }))
    : new JsonWalker(new TableFinder(outline.ferry, open));
  let problem: Error | undefined;
  let complete = true;
  try {
    for await (const _ of walkThrough(file, encoding, walker, progress)) {
      if (progress.bytesRead >= SCAN_BYTES_MAX && progress.bytesRead < file.size) {
        complete = false;
        break;
      }
    }
  } catch (error) {
    problem = error instanceof Error ? error : new Error(String(error));
  }
  return { tables, complete, bytesRead: progress.bytesRead, problem };
}

/** The table told by index or name, else the one with most records. */
function choose(tables: Sampled[], told: number | string | undefined): Sampled {
  if (told === undefined) {
    return tables.reduce((best, table) => (table.records > best.records ? table : best));
  }
  const found = tables.find(({ info }) => info.index === told || info.name === told);
  if (found) return found;
  const names = tables.map(({ info }) => `"${info.name}"`).join(", ");
  throw new FileProblem("sheet-not-found", `The file has no list "${told}". It has: ${names}.`, {
    sheet: String(told),
  });
}

interface Header {
  headerRows: number;
  skippedRows: number;
  syntheticHeader: boolean;
  columns: string[];
  evidence: string[];
}

/** Objects name their columns by their keys; lists may do so by a first list of texts. */
function headerOf(table: Sampled, told: number | undefined): Header {
  const none = { headerRows: 0, skippedRows: 0, syntheticHeader: false };
  if (!table.firstList) {
    const { columns } = table.keys;
    return {
      ...none,
      columns: [...columns],
      evidence: [`Columns: the ${columns.length} keys of the records.`],
    };
  }
  const width = table.sample.reduce((most, row) => Math.max(most, row.length), 0);
  const row = told ?? (table.firstList.allTexts && table.records > 1 ? 1 : 0);
  if (row === 0) {
    const evidence = ["No header: the first list holds values."];
    return { ...none, syntheticHeader: true, columns: columnNames([], width), evidence };
  }
  const columns = columnNames(table.sample[row - 1] ?? [], width);
  return {
    ...none,
    headerRows: 1,
    skippedRows: row - 1,
    columns,
    evidence: [`Header: list ${row} names the columns.`],
  };
}

function shapeSentence(sequence: boolean, ferry: boolean, { info }: Sampled, tables: number): string {
  if (ferry) return `A Ferry export: collection "${info.name}" of ${tables}.`;
  if (sequence) return "One record a line (NDJSON).";
  return tables === 1
    ? `Records in the list "${info.name}".`
    : `Records in "${info.name}", the longest of ${tables} lists.`;
}
