import { createInflateRaw } from "node:zlib";
import { once } from "node:events";
import type { ByteSource, ReadLimits } from "../types";
import type { ArchiveEntry } from "./archive-entry";
import { ReadStop } from "../read-stop";
import { isTruncation, readRange } from "./source";

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
/** A data descriptor takes at most 24 bytes. */
const DESCRIPTOR_BYTES_MAX = 24;

/**
 * The entries of an archive that has lost its directory, from the local headers in the order they stand. The last one
 * may be cut off; where headers leave the size to be found, the data are inflated to find it.
 */
export async function salvageEntries(file: ByteSource, limits: ReadLimits): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  let at = 0;
  while (entries.length <= limits.archiveEntriesMax) {
    const header = await readWhatThereIs(file, at, at + LOCAL_HEADER_BYTES);
    if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER) return entries;
    const flags = header.readUInt16LE(6);
    const nameBytes = header.readUInt16LE(26);
    const dataStart = at + LOCAL_HEADER_BYTES + nameBytes + header.readUInt16LE(28);
    if (dataStart >= file.size) return entries;
    const name = await readWhatThereIs(file, at + LOCAL_HEADER_BYTES, at + LOCAL_HEADER_BYTES + nameBytes);
    const entry: ArchiveEntry = {
      name: name.toString("utf8"),
      method: header.readUInt16LE(8),
      encrypted: (flags & 1) !== 0,
      compressedSize: header.readUInt32LE(18),
      uncompressedSize: undefined,
      dataStart,
      headerStart: at,
    };
    entries.push(entry);
    const sizeKnown = (flags & 8) === 0 && entry.compressedSize !== 0xffffffff;
    if (!sizeKnown) {
      if (entry.method !== 8) return entries;
      entry.compressedSize = await deflatedBytes(file, dataStart, limits);
    }
    const end = dataStart + entry.compressedSize;
    if (end > file.size) {
      entry.compressedSize = file.size - dataStart;
      entry.cutOff = true;
      return entries;
    }
    at = sizeKnown ? end : await nextHeader(file, end);
  }
  throw new ReadStop("archive-too-large", `the archive holds more than ${limits.archiveEntriesMax} entries`);
}

/** How many bytes from `start` belong to one deflate stream; Infinity if its end is not in the file. */
async function deflatedBytes(file: ByteSource, start: number, limits: ReadLimits): Promise<number> {
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  let unpacked = 0;
  let over = false;
  let finished = false;
  inflate.on("data", (chunk: Buffer) => {
    unpacked += chunk.length;
  });
  const ended = new Promise<void>((resolve) => {
    const stop = () => {
      over = true;
      resolve();
    };
    inflate.on("error", stop).on("end", () => {
      finished = true;
      stop();
    });
  });
  try {
    for await (const chunk of file.stream(start)) {
      if (over) break;
      if (!inflate.write(chunk)) await Promise.race([once(inflate, "drain").catch(() => undefined), ended]);
      if (unpacked > limits.archiveBytesMax) {
        throw new ReadStop(
          "archive-too-large",
          `the archive unpacks to more than ${limits.archiveBytesMax} bytes`,
        );
      }
    }
    if (!over) inflate.end();
    await ended;
    return finished ? inflate.bytesWritten : Infinity;
  } catch (error) {
    if (isTruncation(error)) return Infinity;
    throw error;
  } finally {
    inflate.destroy();
  }
}

async function nextHeader(file: ByteSource, from: number): Promise<number> {
  const bytes = await readWhatThereIs(file, from, from + DESCRIPTOR_BYTES_MAX + 4);
  const found = bytes.indexOf("PK\x03\x04", 0, "latin1");
  return found === -1 ? file.size : from + found;
}

async function readWhatThereIs(file: ByteSource, start: number, end: number): Promise<Buffer> {
  try {
    return await readRange(file, start, Math.min(end, file.size));
  } catch (error) {
    if (isTruncation(error)) return Buffer.alloc(0);
    throw error;
  }
}
