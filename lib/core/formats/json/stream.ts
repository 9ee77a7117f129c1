import { decodeFile } from "../encoding/text";
import { ReadStop } from "../read-stop";
import { ScanWindow } from "../scan-window";
import { FileProblem, type ByteSource } from "../types";
import { JsonFault } from "./tokens";
import type { JsonWalker } from "./walker";

/** A record larger than this cannot be taken into memory. */
const RECORD_BYTES_MAX = 64 << 20;

/** Progress through the file, kept current by walkThrough. */
export interface Progress {
  bytesRead: number;
  /** Records begun, for saying where something went wrong. */
  row: number;
}

/**
 * Sends a file through a walker and yields after each piece. Ends early when the walker is done.
 * @throws FileProblem json-syntax, truncated, cell-too-long…, with byte and row, after what came before was walked
 */
export async function* walkThrough(
  file: ByteSource,
  encoding: string,
  walker: JsonWalker,
  progress: Progress,
): AsyncGenerator<void, void> {
  const window = new ScanWindow(walker, RECORD_BYTES_MAX);
  try {
    for await (const piece of decodeFile(file, encoding)) {
      progress.bytesRead = piece.bytesRead;
      window.push(Buffer.from(piece.text));
      yield;
      if (walker.done) return;
    }
    // White space ends a number that is the last of a sequence; within a document more has to follow.
    if (walker.sequence) window.push(Buffer.from("\n"));
    const left = window.finish();
    if (walker.done) return;
    if (left > 0 || !walker.complete) throw truncated(progress.row);
  } catch (error) {
    throw problemFor(error, window.taken, encoding, progress);
  }
  yield;
}

function truncated(row: number): FileProblem {
  const text = `The file ends in the middle of record ${row}. The records before it were read.`;
  return new FileProblem("truncated", text, { row });
}

function problemFor(error: unknown, taken: number, encoding: string, progress: Progress): unknown {
  const { row } = progress;
  if (error instanceof JsonFault) {
    // Other encodings are read as UTF-8 here, where the offset would be another.
    const byte = encoding === "utf-8" ? taken + error.at : undefined;
    const place = byte === undefined ? `record ${row}` : `byte ${byte}, record ${row}`;
    const text = `The file is not valid JSON at ${place}: ${error.reason}. The records before it were read.`;
    return new FileProblem("json-syntax", text, byte === undefined ? { row } : { row, byte });
  }
  if (error instanceof ReadStop) {
    const clause = error.reason.charAt(0).toUpperCase() + error.reason.slice(1);
    return new FileProblem(
      error.code,
      `${clause}, in record ${row}. That is over the limit of this installation.`,
      {
        row,
        ...(error.column === undefined ? {} : { column: error.column }),
      },
    );
  }
  if (error instanceof Error && error.name === "SourceTruncatedError") return truncated(row);
  return error;
}
