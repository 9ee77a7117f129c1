import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import {
  MANIFEST_NAME,
  OPENING_NAME,
  type BackupManifest,
  type BackupOpening,
  type ManifestCollection,
  type ManifestPart,
  type PartKind,
} from "./manifest";
import { tarEnd, tarHeader, tarPadding } from "./tar";

/** Lines of one kind, at most a few MiB. */
export interface WrittenPart {
  kind: PartKind;
  /** Of records: the collection that all of them are of. */
  collectionId?: string;
  /** Lines. */
  count: number;
  bytes: Buffer;
}

export interface WrittenBackup {
  manifest: BackupManifest;
  /** Of the manifest as it was written, hex: what a child's `parent` names. */
  manifestSha256: string;
}

/**
 * The tar of a backup, at the memory of one part. `collections` is asked for once every part has passed; `onWritten` is
 * told before the last bytes are given out.
 */
export async function* writeBackup(
  opening: BackupOpening,
  parts: AsyncIterable<WrittenPart>,
  collections: () => ManifestCollection[],
  onWritten: (written: WrittenBackup) => void,
): AsyncGenerator<Buffer> {
  const modifiedAt = Math.floor(Date.parse(opening.snapshotAt) / 1000);
  yield* file(OPENING_NAME, json(opening), modifiedAt);
  const listed: ManifestPart[] = [];
  const counts = { collections: 0, records: 0, deletions: 0 };
  const numbers = { collections: 0, records: 0, deletions: 0 };
  for await (const { kind, collectionId, count, bytes } of parts) {
    const place = collectionId === undefined ? kind : `${kind}/${collectionId}`;
    const name = `${place}/${String(++numbers[kind]).padStart(6, "0")}.ndjson`;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    listed.push({
      name,
      kind,
      ...(collectionId && { collectionId }),
      count,
      sizeBytes: bytes.length,
      sha256,
    });
    counts[kind] += count;
    yield* file(name, bytes, modifiedAt);
  }
  const manifest: BackupManifest = { ...opening, counts, collections: collections(), parts: listed };
  const bytes = json(manifest);
  onWritten({ manifest, manifestSha256: createHash("sha256").update(bytes).digest("hex") });
  yield* file(MANIFEST_NAME, bytes, modifiedAt);
  yield tarEnd();
}

/**
 * gzip as fast as it goes. Level 1 with large buffers: small ones cost more in hand-overs than the compression itself.
 */
export async function* gzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 1, memLevel: 9, chunkSize: 256 * 1024 });
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

function* file(name: string, bytes: Buffer, modifiedAt: number): Generator<Buffer> {
  yield tarHeader(name, bytes.length, modifiedAt);
  if (bytes.length > 0) yield bytes;
  const padding = tarPadding(bytes.length);
  if (padding.length > 0) yield padding;
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
