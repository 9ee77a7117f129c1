import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { BackupProblem, damaged } from "./errors";
import { countLines, parseLines, type BackedRecord } from "./lines";
import {
  MANIFEST_NAME,
  kindsOf,
  OPENING_NAME,
  parseManifest,
  parseOpening,
  type BackupManifest,
  type BackupOpening,
  type ManifestPart,
  type PartKind,
} from "./manifest";
import { readTar, type TarFile } from "./tar";

/** Far above what is written (a few MiB), far below what a process has. */
export const PART_BYTES_MAX = 256 * 1024 * 1024;
const PART_NAME = /^(?:([a-z]+)|records\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))\/\d{6,}\.ndjson$/;

export type ReadPiece =
  | { kind: "opening"; opening: BackupOpening }
  /** Not to be trusted before the manifest has come: it says what the bytes must be. */
  | { kind: "part"; part: ManifestPart; bytes: Buffer }
  /** Everything before it was compared with it. */
  | { kind: "manifest"; manifest: BackupManifest; manifestSha256: string };

export interface BackupReading {
  /**
   * counted: whoever reads the lines of records looks at each, which tells what is wrong with one; parsed here they would
   * be twice
   */
  records?: "parsed" | "counted";
  /** The bytes of a part are only good until the next but one is asked for. */
  transient?: boolean;
}

/**
 * The pieces of a backup's tar, at the memory of one part.
 * @throws BackupProblem saying what is wrong; whoever has seen the end without it has read exactly what was written
 */
export async function* readBackup(
  tar: AsyncIterable<Uint8Array>,
  { records = "parsed", transient = false }: BackupReading = {},
): AsyncGenerator<ReadPiece> {
  let opening: BackupOpening | undefined;
  let manifest: BackupManifest | undefined;
  const seen: ManifestPart[] = [];
  for await (const { name, bytes } of readTar(tar, PART_BYTES_MAX, { transient })) {
    if (!opening) {
      opening = openingOf(name, bytes);
      yield { kind: "opening", opening };
    } else if (manifest) {
      throw damaged(`"${name}" follows its manifest`);
    } else if (name === MANIFEST_NAME) {
      manifest = parseManifest(bytes);
      compareOpenings(opening, manifest);
      compareParts(seen, manifest);
      yield { kind: "manifest", manifest, manifestSha256: sha256(bytes) };
    } else {
      const place = placeOf(name, opening);
      const isCounted = records === "counted" && place.kind === "records";
      const count = isCounted ? countLines(bytes) : lineCount(place.kind, { name, bytes });
      const part = { name, ...place, count, sizeBytes: bytes.length, sha256: sha256(bytes) };
      seen.push(part);
      yield { kind: "part", part, bytes };
    }
  }
  if (!manifest)
    throw new BackupProblem("incomplete", "The backup is not complete: its manifest is missing.");
}

/** The inverse of `gzipped`. @throws BackupProblem when it is not gzip, or damaged */
export async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  let sourceFailure: Error | undefined;
  const watched = (async function* () {
    try {
      yield* bytes;
    } catch (error) {
      sourceFailure = error as Error;
      throw error;
    }
  })();
  const feeding = pipeline(Readable.from(watched, { objectMode: true }), gunzip);
  feeding.catch(() => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
    await feeding;
  } catch (error) {
    if (sourceFailure !== undefined) throw sourceFailure;
    if ((error as { code?: string }).code?.startsWith("Z_"))
      throw damaged("what is in it cannot be unpacked");
    throw error;
  } finally {
    gunzip.destroy();
    await feeding.catch(() => undefined);
  }
}

function openingOf(name: string, bytes: Buffer): BackupOpening {
  if (name !== OPENING_NAME) {
    throw new BackupProblem("not-a-backup", "This file is not a backup that Ferry made.");
  }
  return parseOpening(bytes);
}

/** The name says of which collection its records are, so that whoever reads need not wait for the manifest. */
function placeOf(name: string, opening: BackupOpening): Pick<ManifestPart, "kind" | "collectionId"> {
  const [, named, collectionId] = PART_NAME.exec(name) ?? [];
  if (collectionId !== undefined) return { kind: "records", collectionId };
  const kind = kindsOf(opening).find((one) => one === named && one !== "records");
  if (kind === undefined) throw damaged(`it has a part "${name}" that does not belong there`);
  return { kind };
}

/** Also tells whether every line is one of its kind, and records stand in the order of their ids, each once. */
function lineCount(kind: PartKind, { name, bytes }: TarFile): number {
  let count = 0;
  let previous = "";
  for (const line of parseLines(kind, name, bytes)) {
    count++;
    if (kind !== "records") continue;
    const { id } = line as BackedRecord;
    if (id <= previous) throw damaged(`line ${count} of "${name}" is out of order`);
    previous = id;
  }
  return count;
}

function compareOpenings(opening: BackupOpening, manifest: BackupManifest): void {
  for (const name of Object.keys(opening) as (keyof BackupOpening)[]) {
    if (JSON.stringify(opening[name]) !== JSON.stringify(manifest[name])) {
      throw damaged(`its opening and its manifest do not agree (${name})`);
    }
  }
}

function compareParts(seen: readonly ManifestPart[], manifest: BackupManifest): void {
  const counts = new Map<PartKind, number>();
  for (const [at, part] of seen.entries()) {
    const listed = manifest.parts[at];
    if (listed?.name !== part.name)
      throw damaged(`its parts are not those of its manifest, from "${part.name}" on`);
    if (listed.sha256 !== part.sha256 || listed.sizeBytes !== part.sizeBytes || listed.kind !== part.kind) {
      throw damaged(`its part "${part.name}" is not what its manifest says`);
    }
    if (listed.count !== part.count) throw damaged(`its part "${part.name}" has another number of lines`);
    if (listed.collectionId !== part.collectionId) {
      throw damaged(`its part "${part.name}" belongs to another collection`);
    }
    counts.set(part.kind, (counts.get(part.kind) ?? 0) + part.count);
  }
  if (manifest.parts.length > seen.length) {
    throw damaged(`its part "${manifest.parts[seen.length]!.name}" is missing`);
  }
  if (kindsOf(manifest).some((kind) => (counts.get(kind) ?? 0) !== (manifest.counts[kind] ?? 0))) {
    throw damaged("its counts are not those of its manifest");
  }
  for (const { category, count } of manifest.categories ?? []) {
    if (count !== manifest.counts[category]) throw damaged(`its manifest does not agree about ${category}`);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
