import { ReadStop } from "../read-stop";
import { FileProblem, type ByteSource, type ReadLimits } from "../types";
import { openArchive, type Archive } from "../xlsx/archive";
import type { ArchiveEntry } from "../xlsx/archive-entry";
import { isZip } from "../xlsx/look-alikes";
import { partBytes } from "../xlsx/part-bytes";
import { forwardSource } from "./forward-source";
import { gunzipped, isGzip } from "./gzip";

/** A workbook has to be read here and there: one that is packed once more is held in memory. */
const WORKBOOK_BYTES_MAX = 64 << 20;

/** A file that holds other files, of which one is the table. */
export interface PackedFile {
  kind: "gzip" | "zip";
  /** The files inside that may be tables, in their order. */
  entries: readonly string[];
  /** @throws FileProblem as does its reading */
  open(entry: string): Promise<ByteSource>;
}

/** Archives that are documents of some program: told by its parts, and refused or read as such. */
const DOCUMENT_PART =
  /^(\[content_types\]\.xml$|_rels\/|xl\/|word\/|ppt\/|mimetype$|meta-inf\/|collection\.anki)/i;
const TABLE_NAME = /(\.(csv|tsv|tab|psv|txt|json|ndjson|jsonl|xlsx|xlsm)|(^|\/)[^./]+)$/i;
/** What systems and Ferry itself put beside the files that somebody packed. */
const NO_TABLE = /(^|\/)(__MACOSX\/|\.|PRIVACY\.txt$|README(\.[a-z]+)?$)/i;

/** The files inside a file; undefined when it is no package of files. */
export async function openPacked(
  file: ByteSource,
  head: Uint8Array,
  limits: ReadLimits,
): Promise<PackedFile | undefined> {
  if (isGzip(head)) return openGzip(file, limits);
  if (!isZip(head)) return undefined;
  let archive: Archive;
  try {
    archive = await openArchive(file, limits);
  } catch (error) {
    // The reader of workbooks meets the same, and has the words for it.
    if (error instanceof ReadStop) return undefined;
    throw error;
  }
  if (archive.entries.some(({ name }) => DOCUMENT_PART.test(name))) return undefined;
  const tables = archive.entries.filter(({ name }) => TABLE_NAME.test(name) && !NO_TABLE.test(name));
  if (tables.length === 0) return undefined;
  const names = new Map(tables.map((entry) => [entry.name, entry]));
  return {
    kind: "zip",
    entries: [...names.keys()],
    open: async (name) => {
      const entry = names.get(name);
      if (!entry) throw new FileProblem("sheet-not-found", `The ZIP archive has no file “${name}” any more.`);
      return openEntry(file, entry, limits);
    },
  };
}

function openGzip(file: ByteSource, limits: ReadLimits): PackedFile {
  const unpack = () => inWords(gunzipped(file, limits), "The gzip file");
  return { kind: "gzip", entries: [""], open: () => measured(unpack) };
}

async function openEntry(file: ByteSource, entry: ArchiveEntry, limits: ReadLimits): Promise<ByteSource> {
  const unpack = () => inWords(partBytes(file, entry, limits), `The file “${entry.name}” in the ZIP archive`);
  if (entry.uncompressedSize === undefined) return measured(unpack);
  return asWorkbookOr(forwardSource(entry.uncompressedSize, unpack), unpack);
}

/** The same where its size has to be found by unpacking it once. What is damaged has the size of its good part. */
async function measured(unpack: () => AsyncGenerator<Buffer, void>): Promise<ByteSource> {
  let size = 0;
  try {
    for await (const piece of unpack()) size += piece.length;
  } catch (error) {
    const isDamaged = error instanceof FileProblem && error.code === "archive-damaged";
    if (!isDamaged || size === 0) throw error;
  }
  // Whoever reads to the end meets the damage.
  return asWorkbookOr(forwardSource(size, unpack), unpack);
}

async function asWorkbookOr(
  source: ByteSource,
  unpack: () => AsyncGenerator<Buffer, void>,
): Promise<ByteSource> {
  const head: Uint8Array[] = [];
  for await (const piece of source.stream(0, Math.min(4, source.size))) head.push(piece);
  if (!isZip(Buffer.concat(head))) return source;
  if (source.size > WORKBOOK_BYTES_MAX) {
    throw new FileProblem(
      "archive-too-large",
      `A workbook or archive of ${Math.ceil(source.size / 1e6)} MB is packed inside. Unpack it first and bring the file itself.`,
    );
  }
  const pieces: Buffer[] = [];
  for await (const piece of unpack()) pieces.push(piece);
  return inMemory(Buffer.concat(pieces));
}

function inMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      if (start < end) yield await Promise.resolve(bytes.subarray(start, end));
    },
  };
}

async function* inWords(pieces: AsyncGenerator<Buffer, void>, what: string): AsyncGenerator<Buffer, void> {
  try {
    yield* pieces;
  } catch (error) {
    throw error instanceof ReadStop ? problemOf(error, what) : error;
  }
}

function problemOf({ code, reason }: ReadStop, what: string): FileProblem {
  switch (code) {
    case "archive-encrypted":
      return new FileProblem(
        code,
        `${what} is protected by a password. Unpack it with the password and bring the file itself.`,
      );
    case "archive-too-large":
      return new FileProblem(
        code,
        `${what} is too large: ${reason}. That is over the limit of this installation.`,
      );
    default:
      return new FileProblem(
        code,
        reason.includes("packed by a method")
          ? `${what} is packed in a way that Ferry does not read. Unpack it and bring the file itself.`
          : `${what} is damaged: ${reason}. What stands before was read. Download or pack it again.`,
      );
  }
}
