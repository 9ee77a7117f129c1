import { claimAll, endChains, releaseAll } from "@/db/bulk/restore-writer";
import { remakeCollection, remakeFields } from "@/db/bulk/undo-created";
import type { SqlTransaction } from "@/db/client";
import { findImportCollection, type ImportRow } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import { chunkStates } from "@/db/queries/restore-undo";
import { addAuditEntry, findParts, findRestore, type RestoreRow } from "@/db/queries/restores";
import type { RestoreUndoState } from "@/db/schema";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { type UndoKind, type UndoState, WORKING } from "@/lib/services/imports/undo-state";
import { moveCategories } from "./move-categories";
import { closeRun, removeMade, workChunks } from "@/lib/services/imports/undo-work";

const STEP_MS = 20_000;

interface Run {
  row: RestoreRow;
  undo: RestoreUndoState;
  /** The imports that it takes back or brings back. */
  parts: ImportRow[];
}

async function findRun(ctx: SystemContext, restoreId: string, kind: UndoKind): Promise<Run | undefined> {
  const row = await findRestore(ctx.db, restoreId);
  if (row?.state !== WORKING[kind] || !row.undo) return undefined;
  const parts = (await findParts(ctx.db, restoreId)).filter((part) => part.state === WORKING[kind]);
  return { row, undo: row.undo, parts };
}

/** What the function of an undo or redo needs to know of it from the start. */
export async function restoreUndoJob(
  ctx: SystemContext,
  restoreId: string,
  kind: UndoKind,
): Promise<{ jobId: string }> {
  const run = await findRun(ctx, restoreId, kind);
  if (!run) throw new Error(`restore ${restoreId} is not being ${WORKING[kind]}`);
  return { jobId: run.undo.jobId };
}

/** Waits its turn at all of the collections. A redo makes those again that the undo had removed. */
export async function claimForRestoreRun(
  ctx: SystemContext,
  restoreId: string,
  kind: UndoKind,
): Promise<{ outcome: "claimed" } | { outcome: "busy"; collectionId: string }> {
  const run = await findRun(ctx, restoreId, kind);
  if (!run) return { outcome: "claimed" };
  const { row, undo, parts } = run;
  return await ctx.db.sql.begin(async (tx) => {
    const claims = parts.map((part) => ({
      importId: part.id,
      collectionId: part.collectionId!,
      revision: "any" as const,
      writes: true,
    }));
    const claimed = await claimAll(tx, row.ownerId, claims);
    if (claimed.outcome === "busy") return claimed;
    if (kind === "redo") await remake(tx, row, parts);
    const chunks = await chunkStates(tx, restoreId);
    await advanceJob(tx, undo.jobId, {
      event: "progress",
      state: "processing",
      phase: {
        name: WORKING[kind],
        total: parts.reduce((n, { id }) => n + (chunks.get(id)?.records ?? 0), 0),
      },
      range: [0, 100],
    });
    return { outcome: "claimed" as const };
  });
}

async function remake(tx: SqlTransaction, row: RestoreRow, parts: readonly ImportRow[]): Promise<void> {
  let remade = false;
  for (const part of parts) {
    if (part.created?.removed?.collection && (await remakeCollection(tx, part.id))) remade = true;
    await remakeFields(tx, part.id, part.collectionId!);
  }
  if (remade) await endChains(tx, row.ownerId);
}

/**
 * Takes collection after collection back (the last first) or brings them in again, chunk by chunk, until all are done or
 * the step has lasted. A collection that has been deleted meanwhile is passed over.
 * @throws ImportPausedError between chunks
 */
export async function workRestoreRun(
  ctx: SystemContext,
  restoreId: string,
  kind: UndoKind,
  from: number,
): Promise<{ done: boolean; next: number }> {
  const run = await findRun(ctx, restoreId, kind);
  if (!run) return { done: true, next: from };
  const parts = kind === "undo" ? run.parts.toReversed() : run.parts;
  const startedAt = Date.now();
  let next = from;
  while (next < parts.length && Date.now() - startedAt < STEP_MS) {
    if ((await workChunks(ctx, parts[next]!.id, kind)).done) next++;
  }
  return { done: next >= parts.length, next };
}

/** Closes an undo or redo. With an undo, what the restore had made goes as well, where nothing uses it. */
export async function finishRestoreRun(ctx: SystemContext, restoreId: string, kind: UndoKind): Promise<void> {
  const run = await findRun(ctx, restoreId, kind);
  if (!run) return;
  const { row, undo, parts } = run;
  await ctx.db.sql.begin(async (tx) => {
    for (const part of parts) {
      const there = part.collectionId && (await findImportCollection(ctx.db, part.collectionId, row.ownerId));
      if (kind === "undo" && there) await removeMade(tx, part);
      await closeRun(tx, workingOf(part), kind === "undo" ? "undone" : standingOf(part), "completed");
    }
    const done: RestoreUndoState = { ...undo, moved: await moveCategories(ctx, tx, row, kind) };
    await tx`update restores set state = ${kind === "undo" ? "undone" : undo.standing}, undo = ${tx.json({ ...done })}
             where id = ${restoreId}`;
    await releaseAll(tx, restoreId);
    await advanceJob(tx, undo.jobId, { event: "completed", state: "completed" });
  });
  await addAuditEntry(ctx.db, {
    id: newId(),
    ownerId: row.ownerId,
    action: `restore.${kind}`,
    subjectId: restoreId,
    detail: { jobId: undo.jobId, changedSince: undo.changedSince },
  });
}

/** Ends an undo or redo that could not go on. What it has done stays, chunk by chunk; either can be started again. */
export async function failRestoreRun(
  ctx: SystemContext,
  restoreId: string,
  kind: UndoKind,
  message: string,
): Promise<void> {
  const run = await findRun(ctx, restoreId, kind);
  if (!run) return;
  const { undo, parts } = run;
  await ctx.db.sql.begin(async (tx) => {
    for (const part of parts) {
      await closeRun(tx, workingOf(part), kind === "undo" ? standingOf(part) : "undone", "failed");
    }
    await tx`update restores set state = ${kind === "undo" ? undo.standing : "undone"} where id = ${restoreId}`;
    await releaseAll(tx, restoreId);
    const recentErrors = [{ code: `${kind}-failed`, message }];
    await advanceJob(tx, undo.jobId, { event: "failed", state: "failed", recentErrors });
  });
}

function workingOf(part: ImportRow) {
  return { row: part, state: part.undo as UndoState };
}

function standingOf(part: ImportRow): ImportRow["state"] {
  return (part.undo as UndoState).standing;
}
