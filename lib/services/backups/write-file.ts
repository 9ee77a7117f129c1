import { createHash } from "node:crypto";
import type { BackupSnapshot, CollectionState } from "@/db/bulk/backup-snapshot";
import type { FinishedBackup } from "@/db/queries/backups";
import { newOpening, type BackupParent, type ManifestCategory } from "@/lib/core/backups/manifest";
import { gzipped, writeBackup, type WrittenBackup, type WrittenPart } from "@/lib/core/backups/write";
import { encrypt, type PreparedHeader } from "@/lib/platform/age/encrypt";
import { VERSION } from "@/lib/platform/version";
import type { SystemContext } from "@/lib/services/context";
import { LineReader } from "@/lib/services/backups/line-reader";
import { withinRoom, type BackupRoom } from "@/lib/services/backups/room";
import { Segments } from "@/lib/services/backups/segments";

/** Collections that are small are read together, up to so many records or collections. */
const BATCH_RECORDS = 20_000;
const BATCH_COLLECTIONS = 1_000;

export interface FileOrder {
  backupId: string;
  ownerId: string;
  /** What it goes on from; null for a full one. `snapshot` is that backup's. */
  parent: (BackupParent & { snapshot: string }) | null;
  storageKey: string;
  key: PreparedHeader;
  /** What it may take up; a backup that grows beyond is not one. */
  room: BackupRoom;
}

/** Told as the file grows: lines so far, and of how many once that is known. */
export type Watcher = (lines: number, total: number) => Promise<void>;

/** Writes the file of a backup from one snapshot, at flat memory: compressed, encrypted, stored. */
export async function writeFile(
  ctx: SystemContext,
  snapshot: BackupSnapshot,
  order: FileOrder,
  watch: Watcher,
): Promise<FinishedBackup> {
  const since = order.parent?.snapshot ?? null;
  const collections = await snapshot.collections(order.ownerId, since);
  const opening = newOpening({
    backupId: order.backupId,
    ownerId: order.ownerId,
    kind: order.parent ? "incremental" : "full",
    parent: order.parent && { backupId: order.parent.backupId, manifestSha256: order.parent.manifestSha256 },
    snapshotAt: snapshot.state.at.toISOString(),
    appVersion: VERSION,
  });
  const categories = await categoriesOf(snapshot, order.ownerId, collections);
  let written: WrittenBackup | undefined;
  const tar = writeBackup(
    opening,
    watched(partsOf(snapshot, order.ownerId, collections, since), collections, watch),
    () => ({
      collections: collections.map(({ id, recordCount, fingerprint }) => ({ id, recordCount, fingerprint })),
      categories,
    }),
    (done) => (written = done),
  );
  const hash = createHash("sha256");
  const { sizeBytes } = await ctx.storage.put(
    order.storageKey,
    hashed(withinRoom(order.room, encrypt(gzipped(tar), order.key)), hash),
  );
  if (!written) throw new Error("the backup's manifest was not written");
  return {
    ...snapshot.state,
    snapshotAt: snapshot.state.at,
    sizeBytes,
    sha256: hash.digest("hex"),
    manifestSha256: written.manifestSha256,
    counts: written.manifest.counts,
  };
}

async function categoriesOf(
  snapshot: BackupSnapshot,
  ownerId: string,
  collections: readonly CollectionState[],
): Promise<ManifestCategory[]> {
  const fingerprint = collections.reduce((sum, { figuresHash }) => sum ^ BigInt(figuresHash), 0n);
  return [
    { category: "preferences", ...(await snapshot.settingsState(ownerId)) },
    { category: "notifications", ...(await snapshot.noticesState(ownerId)) },
    { category: "analytics", count: collections.length, fingerprint: fingerprint.toString() },
  ];
}

async function* partsOf(
  snapshot: BackupSnapshot,
  ownerId: string,
  collections: readonly CollectionState[],
  since: string | null,
): AsyncGenerator<WrittenPart> {
  const segments = new Segments();
  yield* segments.cut(linesOf(collections.map(({ line }) => line)), { kind: "collections" });
  for (const batch of batchesOf(collections)) {
    const ids = batch.map(({ id }) => id);
    yield* recordsOf(batch, snapshot.records(ids, ownerId, since), segments);
  }
  if (since !== null) yield* segments.cut(snapshot.deletions(ownerId, since), { kind: "deletions" });
  // Whole in each backup of a chain: they are small, and whoever opens the newest has all of them.
  yield* segments.cut(snapshot.settings(ownerId), { kind: "preferences" });
  yield* segments.cut(snapshot.notices(ownerId), { kind: "notifications" });
  yield* segments.cut(linesOf(collections.map(({ figures }) => figures)), { kind: "analytics" });
}

/** A query for each of many small collections would cost more than their rows. */
function* batchesOf(collections: readonly CollectionState[]): Generator<CollectionState[]> {
  let batch: CollectionState[] = [];
  let records = 0;
  for (const collection of collections) {
    if (collection.takenCount === 0) continue;
    const isFull = records + collection.takenCount > BATCH_RECORDS || batch.length === BATCH_COLLECTIONS;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      records = 0;
    }
    batch.push(collection);
    records += collection.takenCount;
  }
  if (batch.length > 0) yield batch;
}

async function* recordsOf(
  batch: readonly CollectionState[],
  lines: AsyncIterable<Uint8Array>,
  segments: Segments,
): AsyncGenerator<WrittenPart> {
  const reader = new LineReader(lines);
  try {
    for (const collection of batch) {
      const { id, takenCount } = collection;
      const own = collection === batch.at(-1) ? reader.rest() : reader.take(takenCount);
      let count = 0;
      for await (const part of segments.cut(own, { kind: "records", collectionId: id })) {
        count += part.count;
        yield part;
      }
      // Both were read from one snapshot. Whatever the reason, a backup that lacks a record must not be one.
      if (count !== takenCount)
        throw new Error(`${count} of ${takenCount} records of a collection were read`);
    }
  } finally {
    await reader.close();
  }
}

async function* watched(
  parts: AsyncIterable<WrittenPart>,
  collections: readonly CollectionState[],
  watch: Watcher,
): AsyncGenerator<WrittenPart> {
  const total = collections.reduce((sum, { takenCount }) => sum + takenCount, 0);
  let lines = 0;
  await watch(0, total);
  for await (const part of parts) {
    if (part.kind === "records") await watch((lines += part.count), total);
    yield part;
  }
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield await Promise.resolve(Buffer.from(`${line}\n`));
}

async function* hashed(
  bytes: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
}
