import { forgetNotes } from "@/db/bulk/import-undo";
import { releaseAll, setFields } from "@/db/bulk/restore-writer";
import { dropStaged } from "@/db/bulk/staging";
import type { SqlTransaction } from "@/db/client";
import { endParts } from "@/db/queries/restore-end";
import { removeEmptyCollection } from "@/db/queries/import-target";
import { forgetCategories } from "@/db/queries/restore-categories";
import { findImportCollection, journalChunks, type ImportRow } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import { findParts, findRestore, type RestoreRow } from "@/db/queries/restores";
import type { SystemContext } from "@/lib/services/context";
import { rollBackChunk } from "@/lib/services/imports/rollback";
import { planStale } from "./errors";
import { isUnderWay, leftNothing } from "./states";

interface Failure {
  code: string;
  message: string;
}

export type RestoreEnd =
  { kind: "failed"; failure: Failure } | { kind: "cancelled"; failure?: Failure } | { kind: "expired" };

/**
 * Ends a restore that will not be completed: takes back every chunk of every collection exactly, removes the collections
 * and fields it had made, drops what was read, and says why. The data are as they were before. Harmless when repeated.
 */
export async function rollBackRestore(ctx: SystemContext, restoreId: string, end: RestoreEnd): Promise<void> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row || !(isUnderWay(row.state) || leftNothing(row.state))) return;
  const parts = (await findParts(ctx.db, restoreId)).toReversed();
  if (isUnderWay(row.state)) await takeAllBack(ctx, row, parts, end);
  // After the end: whoever asks for its rows meanwhile is told that it has ended. A worker may have died in between, so
  // that this is done again by whoever comes again.
  for (const part of parts) await dropStaged(ctx.db.sql, part.id);
}

async function takeAllBack(
  ctx: SystemContext,
  row: RestoreRow,
  parts: readonly ImportRow[],
  end: RestoreEnd,
): Promise<void> {
  let applied = false;
  for (const part of row.state === "restoring" ? parts : []) {
    if (await takeBack(ctx, part)) applied = true;
  }
  await ctx.db.sql.begin(async (tx) => {
    for (const part of parts) if (part.created) await removeMade(tx, part);
    await close(tx, ctx, row, applied, end);
  });
}

/** True when something of it had been in. */
async function takeBack(ctx: SystemContext, part: ImportRow): Promise<boolean> {
  if (part.collectionId === null) return false;
  const collection = await findImportCollection(ctx.db, part.collectionId, part.ownerId);
  const chunks = collection ? await journalChunks(ctx.db.sql, part.id) : [];
  for (const chunk of chunks) {
    if (!collection || chunk.undone) continue;
    await rollBackChunk(ctx, { row: part, collection, chunk }, { name: "rolling back", total: null });
  }
  return chunks.length > 0;
}

async function removeMade(tx: SqlTransaction, part: ImportRow): Promise<void> {
  if (part.collectionId === null) return;
  await forgetNotes(tx, part.id, part.collectionId);
  if (part.created?.collection) {
    // What somebody has typed into it meanwhile is theirs: then it stays.
    if (await removeEmptyCollection(tx, part.collectionId)) {
      await tx`update imports set collection_id = null where id = ${part.id}`;
    }
  } else if (part.created?.fieldsBefore) {
    await setFields(tx, part.collectionId, part.created.fieldsBefore);
  }
}

async function close(
  tx: SqlTransaction,
  ctx: SystemContext,
  row: RestoreRow,
  applied: boolean,
  end: RestoreEnd,
): Promise<void> {
  const failure = failureOf(end, row);
  const state = end.kind === "failed" ? (applied ? "rolled_back" : "failed") : end.kind;
  const ofParts = end.kind === "failed" ? state : "cancelled";
  const finishedAt = ctx.now();
  await forgetCategories(tx, row.id);
  await endParts(tx, row.id, { state: ofParts, failure, finishedAt });
  await tx`update restores set state = ${state}, failure = ${tx.json({ ...failure })}, finished_at = ${finishedAt},
             sealed_file_keys = null, expires_at = null where id = ${row.id}`;
  await releaseAll(tx, row.id);
  await advanceJob(tx, row.jobId, {
    event: end.kind === "failed" ? "failed" : "cancelled",
    state: end.kind === "failed" ? (applied ? "rolled_back" : "failed") : "cancelled",
    succeeded: 0,
    ...(end.kind === "failed" && { recentErrors: [failure] }),
  });
}

function failureOf(end: RestoreEnd, row: RestoreRow): Failure {
  if (end.kind === "expired") {
    const message = "Nobody decided within seven days, so the preview was removed. Nothing was changed.";
    return { code: "plan-expired", message };
  }
  if (end.failure) return end.failure;
  if (row.failure?.code === planStale().failure.code) return row.failure;
  return { code: "cancelled", message: "The restore was cancelled. Nothing of it remains." };
}
