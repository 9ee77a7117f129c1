import { previewUndo, undoChunk, type UndoPreview } from "@/db/bulk/import-undo";
import { claimWriter, releaseWriter } from "@/db/bulk/writer";
import { removeEmptyCollection, removeUnusedFields } from "@/db/queries/import-target";
import { advanceJob, createJob } from "@/db/queries/jobs";
import {
  findImport,
  findImportCollection,
  journalChunks,
  patchImport,
  type CollectionRow,
  type ImportRow,
} from "@/db/queries/imports";
import type { UndoImport } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import type { StagedSummary } from "./stage-lines";

/** Edited records that a preview lists by name; all are counted. */
const LISTED_MAX = 1000;
const STEP_MS = 20_000;

/** What `imports.undo` holds. */
export interface UndoState {
  jobId: string;
  changedSince: "keep" | "revert";
  exceptions: string[];
  removed: number;
  restored: number;
  kept: number;
}

async function undoable(
  ctx: ServiceContext,
  importId: string,
): Promise<{ row: ImportRow; collection: CollectionRow }> {
  const row = await findImport(ctx.db, importId, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (row.state === "undone")
    throw new ConflictError("already-undone", "This import has been undone already.");
  if (row.state !== "completed" && row.state !== "completed_with_errors") {
    throw new ConflictError(
      "not-finished",
      "Only a finished import can be undone; this one changed nothing.",
    );
  }
  if (row.expiresAt && row.expiresAt <= ctx.now()) {
    throw new ConflictError(
      "undo-expired",
      "The journal of this import has been removed, so it can no longer be undone.",
    );
  }
  const collection = row.collectionId
    ? await findImportCollection(ctx.db, row.collectionId, ctx.ownerId)
    : undefined;
  if (!collection)
    throw new ConflictError("collection-gone", "The collection this import went into has been deleted.");
  return { row, collection };
}

/** What an undo would do, read-only. */
export async function previewImportUndo(ctx: ServiceContext, importId: string): Promise<UndoPreview> {
  const { row, collection } = await undoable(ctx, importId);
  return await previewUndo(ctx.db.sql, {
    importId,
    collectionId: collection.id,
    idPrefix: row.idPrefix,
    lastRow: (row.staged as StagedSummary).lastRow,
    limit: LISTED_MAX,
  });
}

/** Starts the undo of a finished import as a job. */
export async function startUndo(
  ctx: ServiceContext,
  importId: string,
  input: UndoImport,
): Promise<{ id: string; jobId: string }> {
  await undoable(ctx, importId);
  const jobId = newId();
  const undo: UndoState = {
    jobId,
    changedSince: input.changedSince,
    exceptions: (input.specificResolutions ?? [])
      .filter((r) => r.resolution !== input.changedSince)
      .map((r) => r.recordId),
    removed: 0,
    restored: 0,
    kept: 0,
  };
  const row = await patchImport(ctx.db, importId, { state: "undoing", undo }, [
    "completed",
    "completed_with_errors",
  ]);
  if (!row) throw new ConflictError("undo-in-progress", "This import is being undone already.");
  await createJob(ctx.db.sql, {
    id: jobId,
    ownerId: ctx.ownerId,
    kind: "undo",
    subjectId: importId,
    title: `Undo of ${row.fileName}`,
  });
  await ctx.sendEvents([{ name: "import/undo.requested", data: { importId, jobId }, id: `undo-${jobId}` }]);
  return { id: importId, jobId };
}

/** Waits its turn at the collection. */
export async function claimForUndo(
  ctx: SystemContext,
  importId: string,
): Promise<"claimed" | "busy" | "gone"> {
  const row = await findImport(ctx.db, importId);
  if (row?.state !== "undoing" || !row.collectionId) return "gone";
  const collectionId = row.collectionId;
  return await ctx.db.sql.begin(async (tx) => {
    const outcome = await claimWriter(tx, collectionId, importId, null);
    if (outcome === "stale") throw new Error("a claim without a revision is never stale");
    if (outcome === "claimed") {
      const chunks = await journalChunks(tx, importId);
      await advanceJob(tx, (row.undo as UndoState).jobId, {
        event: "progress",
        state: "processing",
        phase: { name: "undoing", total: chunks.reduce((n, c) => n + c.inserted + c.updated, 0) },
        range: [0, 100],
      });
    }
    return outcome;
  });
}

/** Takes chunks back, last first, each in one transaction with its progress, until done or the step has lasted. */
export async function undoChunks(ctx: SystemContext, importId: string): Promise<{ done: boolean }> {
  const row = await findImport(ctx.db, importId);
  if (row?.state !== "undoing" || !row.collectionId) return { done: true };
  const collection = await findImportCollection(ctx.db, row.collectionId, row.ownerId);
  if (!collection) return { done: true };
  const undo = row.undo as UndoState;
  const startedAt = Date.now();
  for (const chunk of await journalChunks(ctx.db.sql, importId)) {
    if (chunk.undone) continue;
    if (Date.now() - startedAt > STEP_MS) return { done: false };
    await ctx.db.sql.begin(async (tx) => {
      const counts = await undoChunk(tx, {
        importId,
        collectionId: collection.id,
        idPrefix: row.idPrefix,
        keyFields: collection.keyFields,
        ...chunk,
        mode: "undo",
        changedSince: undo.changedSince,
        exceptions: undo.exceptions,
      });
      if (!counts) return;
      const { removed, restored, kept } = counts;
      await tx`update imports set undo = undo || jsonb_build_object('removed', (undo ->> 'removed')::int8 + ${removed}::int8,
                 'restored', (undo ->> 'restored')::int8 + ${restored}::int8, 'kept', (undo ->> 'kept')::int8 + ${kept}::int8)
               where id = ${importId}`;
      await advanceJob(tx, undo.jobId, {
        event: "batch_complete",
        add: { processed: removed + restored + kept, succeeded: removed + restored, batch: 1 },
        range: [0, 100],
      });
    });
  }
  return { done: true };
}

/** Closes an undo: an empty collection or unused fields that the import had made go as well. */
export async function finishUndo(ctx: SystemContext, importId: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (row?.state !== "undoing") return;
  await ctx.db.sql.begin(async (tx) => {
    if (row.collectionId) {
      const removed = row.created?.collection ? await removeEmptyCollection(tx, row.collectionId) : false;
      if (!removed) {
        await removeUnusedFields(
          tx,
          row.collectionId,
          row.created?.collection ? [] : (row.created?.fields ?? []),
        );
        await releaseWriter(tx, row.collectionId, importId);
      }
    }
    await tx`update imports set state = 'undone' where id = ${importId}`;
    await advanceJob(tx, (row.undo as UndoState).jobId, { event: "completed", state: "completed" });
  });
}

/** An undo that could not go on: the import stays as it is, what was taken back is back, and it can be started again. */
export async function failUndo(ctx: SystemContext, importId: string, message: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (row?.state !== "undoing") return;
  const state = (row.result as { summary: { failed: number } } | null)?.summary.failed
    ? "completed_with_errors"
    : "completed";
  await ctx.db.sql.begin(async (tx) => {
    if (row.collectionId) await releaseWriter(tx, row.collectionId, importId);
    await tx`update imports set state = ${state} where id = ${importId}`;
    await advanceJob(tx, (row.undo as UndoState).jobId, {
      event: "failed",
      state: "failed",
      recentErrors: [{ code: "undo-failed", message }],
    });
  });
}

/** Where an undo stands, in the shape its POST answers. */
export async function undoOutcome(ctx: ServiceContext, importId: string) {
  const row = await findImport(ctx.db, importId, ctx.ownerId);
  if (!row?.undo) throw new NotFoundError("undo");
  const { jobId, removed, restored, kept } = row.undo as UndoState;
  return { id: importId, jobId, state: row.state, removed, restored, kept };
}
