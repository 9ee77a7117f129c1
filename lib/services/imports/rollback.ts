import { forgetNotes, undoChunk } from "@/db/bulk/import-undo";
import { dropStaged } from "@/db/bulk/staging";
import { releaseWriter } from "@/db/bulk/writer";
import { removeEmptyCollection, removeUnusedFields } from "@/db/queries/import-target";
import { advanceJob } from "@/db/queries/jobs";
import {
  findImport,
  findImportCollection,
  journalChunks,
  type CollectionRow,
  type ImportRow,
  type JournalChunkRow,
} from "@/db/queries/imports";
import type { SqlTransaction } from "@/db/client";
import type { ImportFailure } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { recordIdsOf } from "./running";
import { hasEnded } from "./states";

export type RollbackReason =
  { kind: "failed"; failure: ImportFailure } | { kind: "cancelled"; message?: string };

/**
 * Ends an import that will not be completed: takes back every chunk that is in, exactly, removes the collection and
 * fields it had made, and says why. The data are as they were before. Chunk by chunk, and harmless when repeated.
 */
export async function rollBackImport(
  ctx: SystemContext,
  importId: string,
  reason: RollbackReason,
): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (!row || hasEnded(row.state)) return;
  const collection = row.collectionId
    ? await findImportCollection(ctx.db, row.collectionId, row.ownerId)
    : undefined;
  const chunks = collection ? await journalChunks(ctx.db.sql, importId) : [];
  if (chunks.some((c) => !c.undone) && collection) {
    await advanceJob(ctx.db.sql, row.jobId, {
      event: "progress",
      phase: {
        name: "rolling back",
        total: chunks.reduce((n, c) => n + c.inserted + c.updated + c.deleted, 0),
      },
      range: [50, 100],
    });
    for (const chunk of chunks) await rollBackChunk(ctx, { row, collection, chunk });
  }
  await ctx.db.sql.begin((tx) => close(tx, ctx, row, chunks.length > 0, reason));
}

/** Takes one chunk back exactly, in a transaction with its progress; nothing when it has been taken back. */
export async function rollBackChunk(
  ctx: SystemContext,
  { row, collection, chunk }: { row: ImportRow; collection: CollectionRow; chunk: JournalChunkRow },
  phase?: { name: string; total: number | null },
): Promise<void> {
  await ctx.db.sql.begin(async (tx) => {
    const counts = await undoChunk(tx, {
      importId: row.id,
      collectionId: collection.id,
      ownerId: row.ownerId,
      ids: recordIdsOf(row),
      keyFields: collection.keyFields,
      chunk: chunk.chunk,
      firstRow: chunk.firstRow,
      lastRow: chunk.lastRow,
      mode: { kind: "rollback" },
    });
    if (!counts) return;
    await advanceJob(tx, row.jobId, {
      event: "batch_complete",
      ...(phase && { phase }),
      add: { processed: counts.removed + counts.restored + counts.reinserted },
      range: [50, 100],
    });
  });
}

async function close(
  tx: SqlTransaction,
  ctx: SystemContext,
  row: ImportRow,
  applied: boolean,
  reason: RollbackReason,
): Promise<void> {
  const state = reason.kind === "cancelled" ? "cancelled" : applied ? "rolled_back" : "failed";
  const failure =
    reason.kind === "failed"
      ? reason.failure
      : { code: "cancelled", message: reason.message ?? "The import was cancelled. Nothing of it remains." };
  // The collection a failed import made goes with it; its id stays on record only while the collection exists.
  const removed =
    row.collectionId !== null && row.created?.collection === true
      ? await removeEmptyCollection(tx, row.collectionId)
      : false;
  if (row.collectionId && !removed) {
    if (applied) await forgetNotes(tx, row.id, row.collectionId);
    await removeUnusedFields(
      tx,
      row.collectionId,
      row.created?.collection ? [] : (row.created?.fields ?? []),
    );
    await releaseWriter(tx, row.collectionId, row.id);
  }
  await tx`update imports set state = ${state}, failure = ${tx.json(failure as never)}, finished_at = ${ctx.now()},
             expires_at = ${new Date(ctx.now().getTime() + 7 * 24 * 3600 * 1000)},
             collection_id = ${removed ? null : row.collectionId} where id = ${row.id}`;
  if (reason.kind === "cancelled") await dropStaged(tx, row.id);
  await advanceJob(tx, row.jobId, {
    event: reason.kind === "cancelled" ? "cancelled" : "failed",
    state,
    succeeded: 0,
    ...(reason.kind === "failed" && failedRowsOf(row).length === 0
      ? { recentErrors: [{ code: failure.code, message: failure.message }] }
      : {}),
  });
}

function failedRowsOf(row: ImportRow): unknown[] {
  return (row.staged as { recentErrors?: unknown[] } | null)?.recentErrors ?? [];
}
