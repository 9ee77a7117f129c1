import { createHash } from "node:crypto";
import { createGzip, type Gzip } from "node:zlib";
import {
  MANIFEST_NAME,
  OPENING_NAME,
  type BackupManifest,
  type BackupOpening,
  type ManifestPart,
  PART_KINDS,
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
  /** Their memory may be used again once the part after the next one is asked for. */
  bytes: Buffer;
}

export interface WrittenBackup {
  manifest: BackupManifest;
  /** Of the manifest as it was written, hex: what a child's `parent` names. */
  manifestSha256: string;
}

/**
 * The tar of a backup, at the memory of one part, in pieces that are as transient as those. `states` is asked for once
 * every part has passed; `onWritten` is told before the last bytes are given out.
 */
export async function* writeBackup(
  opening: BackupOpening,
  parts: AsyncIterable<WrittenPart>,
  states: () => Required<Pick<BackupManifest, "collections" | "categories">>,
  onWritten: (written: WrittenBackup) => void,
): AsyncGenerator<Buffer> {
  const modifiedAt = Math.floor(Date.parse(opening.snapshotAt) / 1000);
  const beginning = json(opening);
  yield tarHeader(OPENING_NAME, beginning.length, modifiedAt);
  yield beginning;
  let padding = tarPadding(beginning.length);
  const listed: ManifestPart[] = [];
  const counts = noneOfEach();
  const numbers = noneOfEach();
  // The next part is asked for before the padding is given out: while this one is being compressed.
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
    yield Buffer.concat([padding, tarHeader(name, bytes.length, modifiedAt)]);
    yield bytes;
    padding = tarPadding(bytes.length);
  }
  const manifest: BackupManifest = { ...opening, counts, ...states(), parts: listed };
  const end = json(manifest);
  onWritten({ manifest, manifestSha256: createHash("sha256").update(end).digest("hex") });
  yield Buffer.concat([padding, tarHeader(MANIFEST_NAME, end.length, modifiedAt)]);
  yield end;
  yield Buffer.concat([tarPadding(end.length), tarEnd()]);
}

function noneOfEach(): Record<PartKind, number> {
  return Object.fromEntries(PART_KINDS.map((kind) => [kind, 0])) as Record<PartKind, number>;
}

/**
 * gzip as fast as it goes. Level 1 with large buffers: small ones cost more in hand-overs than the compression itself.
 * A piece may be used again once the next but one is asked for.
 */
export async function* gzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 1, memLevel: 9, chunkSize: 256 * 1024 });
  const feeding = feed(gzip, bytes);
  feeding.catch((error: Error) => gzip.destroy(error));
  try {
    yield* gzip as AsyncIterable<Buffer>;
    await feeding;
  } finally {
    gzip.destroy();
    await feeding.catch(() => undefined);
  }
}

/** Writes one piece while the next one is being made. */
async function feed(gzip: Gzip, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  // What is written to a stream that was destroyed may never be answered.
  const closed = new Promise<void>((resolve) => gzip.once("close", resolve));
  let writing: Promise<void> = Promise.resolve();
  for await (const piece of pieces) {
    await writing;
    if (gzip.destroyed) return;
    writing = Promise.race([closed, new Promise<void>((resolve) => gzip.write(piece, () => resolve()))]);
  }
  await writing;
  gzip.end();
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
