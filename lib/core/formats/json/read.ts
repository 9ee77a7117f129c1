import { FileProblem, type ByteSource, type Detection, type ReadLimits, type RowBatch } from "../types";
import { KeyTable } from "./key-table";
import { RecordReader } from "./record-reader";
import { walkThrough } from "./stream";
import { TableFinder } from "./table-finder";
import { JsonWalker, type RecordTable } from "./walker";

const BATCH_ROWS = 2_048;

/**
 * Streams the records of the table that detection chose. A key that detection had not met has no column: its values are
 * left out, and the key is named in the batch in which it first appears.
 * @throws FileProblem after the records before it were delivered
 */
export async function* readJson(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
): AsyncGenerator<RowBatch> {
  const { source, fields } = detection;
  const ferry = fields !== undefined;
  const keys = new KeyTable(detection.columns);
  const reader = new RecordReader(keys, limits, ferry ? "ferry" : "plain");
  const progress = { bytesRead: 0, row: 1 };
  let rows: string[][] = [];
  let sourceIds: (string | undefined)[] = [];
  let toSkip = detection.skippedRows + detection.headerRows;
  let tooMany = false;
  const table: RecordTable = {
    reader,
    last: true,
    record: () => {
      if (toSkip > 0) {
        toSkip--;
        return true;
      }
      if (progress.row > limits.rowsMax) {
        tooMany = true;
        return false;
      }
      progress.row++;
      rows.push(reader.row);
      if (ferry) sourceIds.push(reader.id);
      return true;
    },
  };
  const takeBatch = (): RowBatch => {
    const unknownKeys = keys.takeUnknown();
    const batch: RowBatch = {
      firstRow: progress.row - rows.length,
      rows,
      bytesRead: progress.bytesRead,
      ...(ferry ? { sourceIds } : {}),
      ...(unknownKeys.length > 0 ? { unknownKeys } : {}),
    };
    rows = [];
    sourceIds = [];
    return batch;
  };
  const walker =
    source.sheet === undefined
      ? new JsonWalker({ choose: () => "skip" }, table)
      : new JsonWalker(new TableFinder(ferry, ({ index }) => (index === source.sheet ? table : undefined)));
  try {
    for await (const _ of walkThrough(file, source.encoding ?? "utf-8", walker, progress)) {
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
