import { detectEncoding } from "../encoding/detect";
import { KeyTable } from "../json/key-table";
import { walkThrough } from "../json/stream";
import { JsonWalker } from "../json/walker";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type ReadLimits,
  type RowBatch,
  type SourceOptions,
} from "../types";
import type { LinesCollection } from "./header";
import { LineReader } from "./line-reader";

const BATCH_ROWS = 2_048;

/** What is in Ferry's own NDJSON: its first line tells, and the first records are the sample. */
export async function detectLines(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  const encoding = await detectEncoding(file, options.encoding);
  const lines = new LineReader();
  const sampleRows: string[][] = [];
  let index = -1;
  let keys = new KeyTable([], limits.columnsMax);
  const progress = { bytesRead: 0, row: 1 };
  let begun = false;
  const walker = new JsonWalker(
    { choose: () => "skip" },
    {
      reader: lines,
      last: false,
      record: () => {
        if (lines.kind === "header") {
          const collections = lines.header?.collections ?? [];
          index = chosenOf(collections, options.sheet);
          keys = new KeyTable(collections[index]?.fields.map((f) => f.name) ?? [], limits.columnsMax);
          records = lines.want(index, keys, limits);
          return collections.length > 0;
        }
        if (lines.kind !== "record") return !begun || lines.current === index;
        begun = true;
        progress.row++;
        sampleRows.push(records.row);
        return sampleRows.length < sampleSize;
      },
    },
  );
  let records = lines.want(-1, keys, limits);
  let problem: Error | undefined;
  try {
    for await (const _ of walkThrough(file, encoding.encoding, walker, progress));
  } catch (error) {
    problem = error instanceof Error ? error : new Error(String(error));
  }
  const { header } = lines;
  const chosen = header?.collections[index];
  if (!header || !chosen) throw problem ?? new FileProblem("empty-file", "The export holds no collections.");
  const names = header.collections.map((c) => c.name);
  return {
    format: "ndjson",
    source: { format: "ndjson", encoding: encoding.encoding, sheet: index, headerRow: 0 },
    headerRows: 0,
    skippedRows: 0,
    syntheticHeader: false,
    columns: [...keys.columns],
    sampleRows,
    rowEstimate: Math.max(chosen.recordCount, sampleRows.length),
    rowEstimateExact: true,
    sheets: names.map((name, i) => ({ index: i, name })),
    fields: chosen.fields,
    keyFields: chosen.keyFields,
    ...(chosen.template !== undefined && { template: chosen.template }),
    exportedAt: header.exportedAt,
    evidence: [
      encoding.evidence,
      `A Ferry export of one record a line (NDJSON): collection "${chosen.name}" of ${names.length}.`,
      `Columns: the ${chosen.fields.length} fields that the first line states.`,
      ...(problem instanceof FileProblem ? [`Only part can be read. ${problem.message}`] : []),
    ],
  };
}

/**
 * Streams the records of the collection that detection chose.
 * @throws FileProblem after the records before it were delivered
 */
export async function* readLines(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
): AsyncGenerator<RowBatch> {
  const keys = new KeyTable(detection.columns);
  const lines = new LineReader();
  const progress = { bytesRead: 0, row: 1 };
  let rows: string[][] = [];
  let sourceIds: (string | undefined)[] = [];
  let tooMany = false;
  const wanted = Number(detection.source.sheet ?? 0);
  const records = lines.want(wanted, keys, limits);
  const walker = new JsonWalker(
    { choose: () => "skip" },
    {
      reader: lines,
      last: false,
      record: () => {
        if (lines.kind !== "record") return true;
        tooMany = progress.row > limits.rowsMax;
        if (tooMany) return false;
        progress.row++;
        rows.push(records.row);
        sourceIds.push(records.id);
        return true;
      },
    },
  );
  const takeBatch = (): RowBatch => {
    const unknownKeys = keys.takeUnknown();
    const firstRow = progress.row - rows.length;
    const batch = { firstRow, rows, bytesRead: progress.bytesRead, sourceIds };
    rows = [];
    sourceIds = [];
    return unknownKeys.length > 0 ? { ...batch, unknownKeys } : batch;
  };
  try {
    for await (const _ of walkThrough(file, detection.source.encoding ?? "utf-8", walker, progress)) {
      if (rows.length >= BATCH_ROWS) yield takeBatch();
    }
  } catch (error) {
    if (rows.length > 0) yield takeBatch();
    throw error;
  }
  if (rows.length > 0) yield takeBatch();
  if (tooMany) {
    const text = `The file has more than ${limits.rowsMax} records. That is over the limit of this installation.`;
    throw new FileProblem("too-many-rows", text, { row: limits.rowsMax + 1 });
  }
}

/** The collection told by index or name, else the one with most records; -1 when there is none at all. */
function chosenOf(collections: readonly LinesCollection[], told: number | string | undefined): number {
  if (collections.length === 0) return -1;
  if (told === undefined) {
    const most = Math.max(...collections.map((c) => c.recordCount));
    return collections.findIndex((c) => c.recordCount === most);
  }
  const index = collections.findIndex((c, i) => i === told || c.name === told);
  if (index !== -1) return index;
  const names = collections.map(({ name }) => `"${name}"`).join(", ");
  throw new FileProblem("sheet-not-found", `The file has no collection "${told}". It has: ${names}.`, {
    sheet: String(told),
  });
}
