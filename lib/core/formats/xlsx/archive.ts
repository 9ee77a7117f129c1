import { Readable } from "node:stream";
import { fromRandomAccessReaderPromise, RandomAccessReader } from "yauzl";
import type { ByteSource, ReadLimits } from "../types";
import { ReadStop } from "../read-stop";
import type { ArchiveEntry } from "./archive-entry";
import { salvageEntries } from "./salvage";
import { errorText, readRange } from "./source";

export interface Archive {
  entries: ArchiveEntry[];
  /** True when the directory at the end of the file was not found and the entries were gathered from the front. */
  cutOff: boolean;
  /** A part by its name, in which upper and lower case are the same (OPC 6.2.2.3). */
  find(name: string): ArchiveEntry | undefined;
}

/**
 * The archive's directory, within the limits on entries and total size. A damaged directory is replaced by what the
 * entries' own headers say, as far as the file goes.
 */
export async function openArchive(file: ByteSource, limits: ReadLimits): Promise<Archive> {
  let entries: ArchiveEntry[];
  let cutOff = false;
  try {
    entries = await readDirectory(file, limits);
  } catch (error) {
    if (error instanceof ReadStop || !isArchiveError(error)) throw error;
    entries = await salvageEntries(file, limits);
    cutOff = true;
  }
  const total = entries.reduce((sum, entry) => sum + (entry.uncompressedSize ?? 0), 0);
  if (total > limits.archiveBytesMax) {
    throw new ReadStop(
      "archive-too-large",
      `the archive unpacks to ${total} bytes, more than ${limits.archiveBytesMax}`,
    );
  }
  const byName = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const key = entry.name.toLowerCase();
    if (!byName.has(key)) byName.set(key, entry);
  }
  return { entries, cutOff, find: (name) => byName.get(name.toLowerCase()) };
}

/** yauzl reports what is wrong with an archive as a plain Error; anything else comes from the source. */
function isArchiveError(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === "Error" || error.name === "RangeError") && !("code" in error)
  );
}

async function readDirectory(file: ByteSource, limits: ReadLimits): Promise<ArchiveEntry[]> {
  const reader = new SourceReader(file);
  const zip = await fromRandomAccessReaderPromise(reader, file.size, { autoClose: false });
  if (zip.entryCount > limits.archiveEntriesMax) {
    throw new ReadStop(
      "archive-too-large",
      `the archive holds ${zip.entryCount} entries, more than ${limits.archiveEntriesMax}`,
    );
  }
  const entries: ArchiveEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({
      name: entry.fileName,
      method: entry.compressionMethod,
      encrypted: entry.isEncrypted(),
      compressedSize: entry.compressedSize,
      uncompressedSize: entry.uncompressedSize,
      crc32: entry.crc32,
      dataStart: undefined,
      headerStart: entry.relativeOffsetOfLocalHeader,
    });
  }
  return entries;
}

const WINDOW_BYTES = 1 << 17;

/**
 * yauzl's view of a source. The directory is read in many small pieces; each range of an encrypted source costs a
 * decryption, so a window is kept.
 */
class SourceReader extends RandomAccessReader {
  private windowStart = 0;
  private window: Buffer = Buffer.alloc(0);

  constructor(private readonly file: ByteSource) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.fill(position, length).then(
      () => {
        const from = position - this.windowStart;
        callback(null, this.window.copy(buffer, offset, from, from + length));
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(errorText(error))),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.file.stream(start, end));
  }

  private async fill(position: number, length: number) {
    const windowEnd = this.windowStart + this.window.length;
    if (position >= this.windowStart && position + length <= windowEnd) return;
    const end = Math.min(this.file.size, position + Math.max(length, WINDOW_BYTES));
    this.window = await readRange(this.file, position, end);
    this.windowStart = position;
  }
}
