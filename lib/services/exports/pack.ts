import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { ZipFile } from "yazl";
import type { ExportPiece } from "@/lib/services/exports/piece";

/** "workbook": a zip whose entries have the names they were given. */
export type Container = { kind: "plain" } | { kind: "gzip" | "zip" | "workbook"; level: number };

/** The bytes of one file that holds all entries. Only a zip can hold several; in the others they would run together. */
export function pack(pieces: AsyncIterable<ExportPiece>, container: Container): AsyncIterable<Uint8Array> {
  switch (container.kind) {
    case "plain":
      return bytesOf(pieces);
    case "gzip":
      return gzipped(bytesOf(pieces), container.level);
    case "zip": {
      const names = new Set<string>();
      return zipped(pieces, container.level, (name) => uniqueName(name, names));
    }
    case "workbook":
      return zipped(pieces, container.level, (name) => name);
  }
}

async function* bytesOf(pieces: AsyncIterable<ExportPiece>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) if (piece.kind === "bytes") yield piece.bytes;
}

async function* gzipped(bytes: AsyncIterable<Uint8Array>, level: number): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level });
  const feeding = pipeline(Readable.from(bytes, { objectMode: true }), gzip);
  feeding.catch(() => undefined);
  try {
    yield* gzip as AsyncIterable<Buffer>;
    await feeding;
  } finally {
    gzip.destroy();
    await feeding.catch(() => undefined);
  }
}

async function* zipped(
  pieces: AsyncIterable<ExportPiece>,
  level: number,
  nameOf: (name: string) => string,
): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const stop = new AbortController();
  const feeding = feed(zip, pieces, { level, nameOf, signal: stop.signal });
  feeding.catch((error: unknown) => output.destroy(error as Error));
  try {
    yield* output as AsyncIterable<Buffer>;
    await feeding;
  } finally {
    // A reader that stops early must not leave the feeder waiting for room.
    stop.abort();
    await feeding.catch(() => undefined);
  }
}

async function feed(
  zip: ZipFile,
  pieces: AsyncIterable<ExportPiece>,
  { level, nameOf, signal }: { level: number; nameOf: (name: string) => string; signal: AbortSignal },
): Promise<void> {
  let entry: PassThrough | undefined;
  for await (const piece of pieces) {
    signal.throwIfAborted();
    if (piece.kind === "entry") {
      entry?.end();
      entry = new PassThrough();
      zip.addReadStream(entry, nameOf(piece.name), { compressionLevel: level });
    } else if (piece.kind === "bytes" && entry && !entry.write(piece.bytes)) {
      await once(entry, "drain", { signal });
    }
  }
  entry?.end();
  zip.end();
}

/** A name that every system can unpack, unlike any before it, also where case does not count. */
function uniqueName(name: string, taken: Set<string>): string {
  const clean = safeFileName(name);
  const dot = clean.lastIndexOf(".");
  let unique = clean;
  for (let n = 2; taken.has(unique.toLowerCase()); n++)
    unique = `${clean.slice(0, dot)} (${n})${clean.slice(dot)}`;
  taken.add(unique.toLowerCase());
  return unique;
}

/** Without what some system forbids in a name: separators, control characters, a leading dot. */
export function safeFileName(name: string): string {
  const clean = name.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, "_").replace(/^[.\s]+/, "_");
  return clean.length > 150 ? clean.slice(0, 75) + clean.slice(-75) : clean;
}
