import type { ActionRules } from "@/db/bulk/import-actions";
import { redoChunk } from "@/db/bulk/import-redo";
import { undoChunk } from "@/db/bulk/import-undo";
import { StagedRowsLostError } from "@/db/bulk/undo-staged";
import { ensureJournalStatistics, ensureStatistics } from "@/db/bulk/statistics";
import {
  remakeCollection,
  remakeFields,
  removeMadeCollection,
  removeMadeFields,
} from "@/db/bulk/undo-created";
import { closeUndoRun, tallyUndo, type UndoCounts } from "@/db/bulk/undo-run";
import { claimWriter, releaseWriter } from "@/db/bulk/writer";
import type { SqlTransaction } from "@/db/client";
import { stopRequest } from "@/db/queries/job-control";
import { advanceJob } from "@/db/queries/jobs";
import {
  findImport,
  findImportCollection,
  journalChunks,
  type CollectionRow,
  type ImportRow,
  type JournalChunkRow,
} from "@/db/queries/imports";
import type { SystemContext } from "@/lib/services/context";
import { ImportPausedError, PermanentImportError } from "./errors";
import { inChunk, inLanes } from "./lanes";
import { recordIdsOf, rulesAsApplied } from "./running";
import { type UndoKind, type UndoState, WORKING } from "./undo-state";

type Working = { row: ImportRow; state: UndoState };

async function findWorking(
  ctx: SystemContext,
  importId: string,
  kind: UndoKind,
): Promise<Working | undefined> {
  const row = await findImport(ctx.db, importId);
  return row?.state === WORKING[kind] ? { row, state: row.undo as UndoState } : undefined;
}

/** What the function of an undo or redo needs to know of it from the start. */
export async function undoJob(
  ctx: SystemContext,
  importId: string,
  kind: UndoKind,
): Promise<{ jobId: string; collectionId: string | null }> {
  const working = await findWorking(ctx, importId, kind);
  if (!working) throw new Error(`import ${importId} is not being ${WORKING[kind]}`);
  return { jobId: working.state.jobId, collectionId: working.row.collectionId };
}

/** Waits its turn at the collection. A redo makes the collection or fields again that the undo had removed. */
export async function claimForRun(
  ctx: SystemContext,
  importId: string,
  kind: UndoKind,
): Promise<{ outcome: "claimed" | "busy" | "gone" }> {
  const working = await findWorking(ctx, importId, kind);
  if (!working?.row.collectionId) return { outcome: "gone" };
  const { collectionId } = working.row;
  const collection = await findImportCollection(ctx.db, collectionId, working.row.ownerId);
  if (collection) await ensureStatistics(ctx.db.sql, collection);
  await ensureJournalsKnown(ctx, importId, kind);
  return await ctx.db.sql.begin(async (tx) => {
    if (kind === "redo" && working.row.created?.removed?.collection) await remakeCollection(tx, importId);
    const outcome = await claimWriter(tx, collectionId, importId, null);
    if (outcome === "stale") throw new Error("a claim without a revision is never stale");
    if (outcome !== "claimed") return { outcome };
    if (kind === "redo") await remakeFields(tx, importId, collectionId);
    const open = (await journalChunks(tx, importId)).filter((c) => c.undone === (kind === "redo"));
    await advanceJob(tx, working.state.jobId, {
      event: "progress",
      state: "processing",
      phase: { name: WORKING[kind], total: open.reduce((n, c) => n + c.inserted + c.updated + c.deleted, 0) },
      range: [0, 100],
    });
    return { outcome };
  });
}

/**
 * Both read the import's journal, and a redo what the undos that took the chunks back have noted: mostly the records that
 * they put back.
 */
async function ensureJournalsKnown(ctx: SystemContext, importId: string, kind: UndoKind): Promise<void> {
  let journalled = 0;
  const noted = new Map<string, number>();
  for (const { undone, undoId, updated, deleted } of await journalChunks(ctx.db.sql, importId)) {
    if (undone !== (kind === "redo")) continue;
    journalled += updated + deleted;
    if (undone && undoId !== null) noted.set(undoId, (noted.get(undoId) ?? 0) + deleted);
  }
  await ensureJournalStatistics(ctx.db.sql, { of: "import", id: importId, entries: journalled });
  for (const [id, entries] of noted) await ensureJournalStatistics(ctx.db.sql, { of: "undo", id, entries });
}

/**
 * Takes chunks back (last first) or brings them in again (first first), each in one transaction with its mark, journal
 * and progress, until done or the step has lasted. A chunk that is done already is passed over.
 * @throws ImportPausedError between chunks
 */
export async function workChunks(
  ctx: SystemContext,
  importId: string,
  kind: UndoKind,
): Promise<{ done: boolean }> {
  const working = await findWorking(ctx, importId, kind);
  if (!working?.row.collectionId) return { done: true };
  const { row, state } = working;
  const collection = await findImportCollection(ctx.db, working.row.collectionId, row.ownerId);
  if (!collection) return { done: true };
  const rules = rulesAsApplied(row);
  const chunks = (await journalChunks(ctx.db.sql, importId)).filter((c) => c.undone === (kind === "redo"));
  if (kind === "redo") chunks.reverse();
  const next = await inLanes(0, chunks.length, async (index) => {
    if ((await stopRequest(ctx.db.sql, state.jobId)) === "pause") throw new ImportPausedError();
    const chunk = chunks[index]!;
    await inChunk(ctx, (tx) => workChunk(tx, { row, state, collection, rules, chunk }, kind)).catch(lostRows);
  });
  return { done: next >= chunks.length };
}

interface ChunkWork extends Working {
  collection: CollectionRow;
  rules: ActionRules;
  chunk: JournalChunkRow;
}

async function workChunk(tx: SqlTransaction, work: ChunkWork, kind: UndoKind): Promise<void> {
  const { row, state, collection, rules, chunk } = work;
  const input = {
    importId: row.id,
    collectionId: collection.id,
    ownerId: row.ownerId,
    ids: recordIdsOf(row),
    keyFields: collection.keyFields,
    chunk: chunk.chunk,
    firstRow: chunk.firstRow,
    lastRow: chunk.lastRow,
  };
  const counts =
    kind === "undo"
      ? await undoChunk(tx, {
          ...input,
          mode: { kind, undoId: state.runId ?? state.jobId, changedSince: state.changedSince, rules },
        })
      : await redoChunk(tx, { ...input, rules, redoId: state.runId ?? state.jobId });
  if (!counts) return;
  await tallyUndo(tx, row.id, counts);
  const succeeded = counts.removed + counts.restored + counts.reinserted;
  await advanceJob(tx, state.jobId, {
    event: "batch_complete",
    state: "processing",
    add: { processed: chunk.inserted + chunk.updated + chunk.deleted, succeeded, batch: 1 },
    range: [0, 100],
  });
}

/** Rows that are lost do not come back: trying again mends nothing. */
function lostRows(error: unknown): never {
  if (error instanceof StagedRowsLostError) {
    throw new PermanentImportError({ code: "rows-lost", message: error.message });
  }
  throw error;
}

/** Closes an undo or redo. With an undo, an empty collection or unused fields that the import had made go as well. */
export async function finishRun(ctx: SystemContext, importId: string, kind: UndoKind): Promise<void> {
  const working = await findWorking(ctx, importId, kind);
  if (!working) return;
  const { row } = working;
  await ctx.db.sql.begin(async (tx) => {
    const removed = kind === "undo" && (await removeMade(tx, row));
    if (row.collectionId && !removed) await releaseWriter(tx, row.collectionId, importId);
    await closeRun(tx, working, kind === "undo" ? "undone" : working.state.standing, "completed");
    await advanceJob(tx, working.state.jobId, { event: "completed", state: "completed" });
  });
}

export async function removeMade(tx: SqlTransaction, row: ImportRow): Promise<boolean> {
  if (!row.collectionId || !row.created) return false;
  if (row.created.collection) return await removeMadeCollection(tx, row.id, row.collectionId);
  await removeMadeFields(tx, row.id, row.collectionId, row.created.fields);
  return false;
}

/**
 * Ends an undo or redo that could not go on. What it has done so far stays, chunk by chunk; the import is in the state
 * it was in before, and either can be started: one goes on, the other goes back.
 */
export async function failRun(
  ctx: SystemContext,
  importId: string,
  kind: UndoKind,
  message: string,
): Promise<void> {
  const working = await findWorking(ctx, importId, kind);
  if (!working) return;
  const { row, state } = working;
  await ctx.db.sql.begin(async (tx) => {
    if (row.collectionId) await releaseWriter(tx, row.collectionId, importId);
    await closeRun(tx, working, kind === "undo" ? state.standing : "undone", "failed");
    await advanceJob(tx, state.jobId, {
      event: "failed",
      state: "failed",
      recentErrors: [{ code: `${kind}-failed`, message }],
    });
  });
}

export async function closeRun(
  tx: SqlTransaction,
  { row, state }: Working,
  next: ImportRow["state"],
  outcome: "completed" | "failed",
): Promise<void> {
  const { removed, restored, reinserted, kept, gone } = state;
  const counts: UndoCounts = { removed, restored, reinserted, kept, gone };
  await closeUndoRun(tx, { id: state.runId ?? state.jobId, state: outcome, counts });
  await tx`update imports set state = ${next} where id = ${row.id}`;
}
