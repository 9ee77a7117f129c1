import { createHash } from "node:crypto";
import type { BackupSnapshot, CollectionState } from "@/db/bulk/backup-snapshot";
import type { FinishedBackup } from "@/db/queries/backups";
import { newOpening, type BackupParent } from "@/lib/core/backups/manifest";
import { gzipped, writeBackup, type WrittenBackup, type WrittenPart } from "@/lib/core/backups/write";
import { encrypt, type PreparedHeader } from "@/lib/platform/age/encrypt";
import { VERSION } from "@/lib/platform/version";
import type { SystemContext } from "@/lib/services/context";
import { segments } from "@/lib/services/backups/segments";

export interface FileOrder {
  backupId: string;
  ownerId: string;
  /** What it goes on from; null for a full one. `snapshot` is that backup's. */
  parent: (BackupParent & { snapshot: string }) | null;
  storageKey: string;
  key: PreparedHeader;
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
  let written: WrittenBackup | undefined;
  const tar = writeBackup(
    opening,
    watched(partsOf(snapshot, order.ownerId, collections, since), collections, watch),
    () => collections.map(({ id, recordCount, fingerprint }) => ({ id, recordCount, fingerprint })),
    (done) => (written = done),
  );
  const hash = createHash("sha256");
  const { sizeBytes } = await ctx.storage.put(
    order.storageKey,
    hashed(encrypt(gzipped(tar), order.key), hash),
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

async function* partsOf(
  snapshot: BackupSnapshot,
  ownerId: string,
  collections: readonly CollectionState[],
  since: string | null,
): AsyncGenerator<WrittenPart> {
  yield* segments(linesOf(collections), { kind: "collections" });
  for (const { id, takenCount } of collections) {
    if (takenCount === 0) continue;
    let count = 0;
    for await (const part of segments(snapshot.records(id, ownerId, since), {
      kind: "records",
      collectionId: id,
    })) {
      count += part.count;
      yield part;
    }
    // Both were read from one snapshot. Whatever the reason, a backup that lacks a record must not be one.
    if (count !== takenCount) throw new Error(`${count} of ${takenCount} records of a collection were read`);
  }
  if (since !== null) yield* segments(snapshot.deletions(ownerId, since), { kind: "deletions" });
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

async function* linesOf(collections: readonly CollectionState[]): AsyncGenerator<Uint8Array> {
  for (const { line } of collections) yield await Promise.resolve(Buffer.from(`${line}\n`));
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
