import { isUtf8 } from "node:buffer";
import type { CopyText } from "@/db/bulk/copy-text";
import { damaged } from "@/lib/core/backups/errors";
import { parseLines } from "@/lib/core/backups/lines";
import type { UnchangedRecords } from "@/lib/core/backups/unchanged-records";
import type { RecordsPiece } from "./piece-reader";
import type { RestoredLines } from "./restored-lines";

const LINE_FEED = 0x0a;
/** Lines parsed together before the next is looked at again, at most. */
const LINES_TOGETHER_MAX = 512;

/**
 * The records of one collection as COPY text. Most stand in a backup as they will in the table: those are copied by their
 * bytes. The others are parsed, with what stands beside them when there are many.
 * @param text what it is put together in, empty; many collections share one
 * @throws BackupProblem when a line is no record, or a record is there twice
 */
export async function* copyText(
  batches: AsyncIterable<RecordsPiece>,
  lines: RestoredLines,
  text: CopyText,
  onProgress: (lines: number) => Promise<void>,
): AsyncGenerator<Buffer> {
  const copier = new RecordCopier(lines, text);
  for await (const batch of batches) {
    for (const _ of copier.copy(batch)) {
      const piece = text.take();
      if (piece) yield piece;
    }
    await onProgress(batch.part.count);
  }
  const rest = text.take();
  if (rest) yield rest;
}

class RecordCopier {
  private readonly unchanged: UnchangedRecords | undefined;
  /** In the order of their ids each comes once. */
  private readonly lastId = Buffer.alloc(36);

  constructor(
    private readonly lines: RestoredLines,
    private readonly text: CopyText,
  ) {
    this.unchanged = lines.unchanged();
  }

  /** Adds a batch to the text; stops whenever that is full. */
  *copy({ part: { name }, bytes }: RecordsPiece): Generator<void> {
    const { unchanged, text } = this;
    const isWhole = bytes.at(-1) === LINE_FEED && isUtf8(bytes);
    if (!unchanged || !isWhole) {
      yield* this.parse(name, bytes, 0);
      return;
    }
    text.readFrom(bytes);
    let together = 1;
    let number = 0;
    for (let start = 0; start < bytes.length;) {
      const next = unchanged.next(bytes, start);
      if (next !== -1) {
        this.rise(bytes, unchanged.idStart, name);
        text.addRecord(this.lines.countRow(), unchanged);
        number++;
        start = next;
        together = 1;
      } else {
        const { end, count } = runOf(bytes, start, together);
        yield* this.parse(name, bytes.subarray(start, end), number);
        number += count;
        start = end;
        together = Math.min(2 * together, LINES_TOGETHER_MAX);
      }
      if (text.isFull) yield;
    }
  }

  private *parse(name: string, bytes: Buffer, linesBefore: number): Generator<void> {
    for (const record of parseLines("records", name, bytes, linesBefore)) {
      this.rise(Buffer.from(record.id, "latin1"), 0, name);
      this.text.add(this.lines.line(record));
      if (this.text.isFull) yield;
    }
  }

  /** @throws BackupProblem unless the id at this place is greater than the last one */
  private rise(bytes: Buffer, start: number, name: string): void {
    const { lastId } = this;
    let i = 0;
    while (i < lastId.length && bytes[start + i] === lastId[i]) i++;
    if (i === lastId.length || bytes[start + i]! < lastId[i]!) {
      throw damaged(`a record of "${name}" is there twice`);
    }
    for (; i < lastId.length; i++) lastId[i] = bytes[start + i]!;
  }
}

/** So many lines from a place on, or all that are left. */
function runOf(bytes: Buffer, start: number, lines: number): { end: number; count: number } {
  let end = start;
  let count = 0;
  for (; count < lines && end < bytes.length; count++) end = bytes.indexOf(LINE_FEED, end) + 1;
  return { end, count };
}
