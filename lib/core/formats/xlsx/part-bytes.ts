import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import type { ByteSource, ReadLimits } from "../types";
import type { ArchiveEntry } from "./archive-entry";
import { ReadStop } from "../read-stop";
import { asBuffer, isTruncation, readRange } from "./source";

const LOCAL_HEADER_BYTES = 30;
const CHUNK_BYTES_MAX = 1 << 17;
const CHUNK_BYTES_MIN = 1 << 10;
/** Small entries may have any ratio: their size is no danger. */
const RATIO_FREE_BYTES = 1 << 22;
const SMALL_PART_BYTES_MAX = 1 << 25;

/** Node.js has it from 20.15 on; before that, damage that still unpacks goes unnoticed. */
const crc32 = (zlib as Partial<Pick<typeof zlib, "crc32">>).crc32;

/** Counts the compressed bytes taken from the source, for progress. */
export interface ByteCounter {
  bytesRead: number;
}

/**
 * An entry's uncompressed bytes in order. Ends with a ReadStop of "archive-damaged" after the last good byte when the
 * data are cut off, corrupt, or not what the directory says by size and checksum; with "archive-too-large" when a limit
 * is passed.
 */
export async function* partBytes(
  file: ByteSource,
  entry: ArchiveEntry,
  limits: ReadLimits,
  counter: ByteCounter = { bytesRead: 0 },
): AsyncGenerator<Buffer, void> {
  if (entry.encrypted) throw new ReadStop("archive-encrypted", "the archive is protected by a password");
  if (entry.method !== 0 && entry.method !== 8) {
    throw new ReadStop(
      "archive-damaged",
      `the part ${entry.name} is packed by a method (${entry.method}) that no workbook uses`,
    );
  }
  entry.dataStart ??= await findData(file, entry);
  const input = new PartInput(file, entry, counter);
  let size = 0;
  let checksum = 0;
  const out = entry.method === 0 ? input.chunks() : inflated(input, entry);
  for await (const chunk of out) {
    size += chunk.length;
    if (size > limits.archiveBytesMax) {
      throw new ReadStop(
        "archive-too-large",
        `the archive unpacks to more than ${limits.archiveBytesMax} bytes`,
      );
    }
    if (size > RATIO_FREE_BYTES && size > entry.compressedSize * limits.expansionRatioMax) {
      throw new ReadStop(
        "archive-too-large",
        `the part ${entry.name} unpacks to more than ${limits.expansionRatioMax} times its size`,
      );
    }
    checksum = crc32?.(chunk, checksum) ?? 0;
    yield chunk;
  }
  if (
    input.cutOff ||
    entry.cutOff ||
    (entry.uncompressedSize !== undefined && size !== entry.uncompressedSize)
  ) {
    throw new ReadStop("archive-damaged", `the part ${entry.name} ends too early`);
  }
  if (crc32 && entry.crc32 !== undefined && checksum !== entry.crc32) {
    throw new ReadStop(
      "archive-damaged",
      `the checksum of the part ${entry.name} is wrong, so values may be too`,
    );
  }
}

/** The local header repeats the name and may carry other extra fields than the directory, so only it knows the start. */
async function findData(file: ByteSource, entry: ArchiveEntry): Promise<number> {
  const header = await readRange(file, entry.headerStart, entry.headerStart + LOCAL_HEADER_BYTES).catch(
    (error: unknown) => {
      if (isTruncation(error)) return Buffer.alloc(0);
      throw error;
    },
  );
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== 0x04034b50) {
    throw new ReadStop("archive-damaged", `the part ${entry.name} is not where the archive says`);
  }
  return entry.headerStart + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** The compressed bytes. A source that ends too early ends the stream and sets `cutOff`, so that nothing read is lost. */
class PartInput {
  cutOff = false;

  constructor(
    private readonly file: ByteSource,
    private readonly entry: ArchiveEntry,
    private readonly counter: ByteCounter,
  ) {}

  async *chunks(): AsyncGenerator<Buffer, void> {
    const start = this.entry.dataStart ?? 0;
    const end = start + this.entry.compressedSize;
    let left = this.entry.compressedSize;
    try {
      if (left > 0 && start < this.file.size) {
        for await (const chunk of this.file.stream(start, Math.min(end, this.file.size))) {
          left -= chunk.length;
          this.counter.bytesRead += chunk.length;
          yield asBuffer(chunk);
        }
      }
    } catch (error) {
      if (!isTruncation(error)) throw error;
    }
    this.cutOff = left > 0;
  }
}

async function* inflated(input: PartInput, entry: ArchiveEntry): AsyncGenerator<Buffer, void> {
  // What a chunk held before corrupt data is lost with it; small chunks for small parts keep that loss to a few rows.
  const size = entry.uncompressedSize ?? entry.compressedSize * 4;
  const chunkSize = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, size >>> 6));
  // SYNC_FLUSH: at the end of data that are cut off, hand out what they unpack to instead of failing.
  const inflate = zlib.createInflateRaw({ chunkSize, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  let sourceError: Error | undefined;
  const source = Readable.from(input.chunks(), { highWaterMark: 2 });
  source.on("error", (error) => {
    sourceError = error;
    inflate.destroy(error);
  });
  source.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      throw new ReadStop("archive-damaged", `the part ${entry.name} is corrupt`);
    }
    throw error;
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

/** A small part as UTF-8, as far as it can be read; undefined when the archive does not hold it. */
export async function smallPart(
  file: ByteSource,
  entry: ArchiveEntry | undefined,
  limits: ReadLimits,
): Promise<Buffer | undefined> {
  if (!entry) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of utf8(partBytes(file, entry, limits))) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > SMALL_PART_BYTES_MAX) {
      throw new ReadStop(
        "archive-too-large",
        `the part ${entry.name} is larger than ${SMALL_PART_BYTES_MAX} bytes`,
      );
    }
  }
  return Buffer.concat(chunks);
}

/** XML may also come as UTF-16, with a byte-order mark; the scanners want UTF-8. */
export async function* utf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let decoder: TextDecoder | undefined;
  let first = true;
  for await (const chunk of chunks) {
    if (first) {
      if (chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder("utf-16le");
      if (chunk[0] === 0xfe && chunk[1] === 0xff) decoder = new TextDecoder("utf-16be");
      first = false;
    }
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
}
