import { previewRedo } from "@/db/bulk/redo-preview";
import { isStaged } from "@/db/bulk/staging";
import { findImport, journalChunks, type ImportRow } from "@/db/queries/imports";
import type { RedoPreviewView } from "@/lib/contracts/redo";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { refusePart } from "./part-of-restore";
import { recordIdsOf } from "./running";
import type { StagedSummary } from "./stage-lines";
import { leftChanges } from "./states";
import { collectionGone, findTarget, requireJournal } from "./undo-state";
import { startRun } from "./undo-start";

async function redoable(ctx: ServiceContext, importId: string): Promise<ImportRow> {
  const row = await findImport(ctx.db, importId, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  const wasUndone = ["undone", "undoing", "redoing"].includes(row.state);
  // An undo that could not be completed leaves chunks that are back: those can be brought in again.
  const isHalfUndone =
    !wasUndone && leftChanges(row) && (await journalChunks(ctx.db.sql, row.id)).some((c) => c.undone);
  if (!wasUndone && !isHalfUndone) {
    throw new ConflictError(
      "not-undone",
      "This import has not been undone, so there is nothing to bring back.",
    );
  }
  requireJournal(ctx, row, "redo");
  if (!(await isStaged(ctx.db.sql, importId))) {
    throw new ConflictError("rows-removed", "The rows of this import are no longer kept.");
  }
  if (!row.created?.removed?.collection && !(await findTarget(ctx, row))) throw collectionGone();
  return row;
}

/** What bringing an undone import back would do, read-only. */
export async function previewImportRedo(ctx: ServiceContext, importId: string): Promise<RedoPreviewView> {
  const row = await redoable(ctx, importId);
  const preview = await previewRedo(ctx.db.sql, {
    importId,
    collectionId: row.collectionId!,
    ids: recordIdsOf(row),
    lastRow: (row.staged as StagedSummary).lastRow,
  });
  return {
    ...preview,
    remakesCollection: row.created?.removed?.collection !== undefined,
    laterImports: preview.laterImports.map((l) => ({ ...l, finishedAt: l.finishedAt.toISOString() })),
  };
}

/**
 * Starts the undo of an import's undo as a job: the import's result comes back.
 * @throws ConflictError when there is nothing to bring back, or its time is over
 */
export async function startRedo(
  ctx: ServiceContext,
  importId: string,
): Promise<{ id: string; jobId: string }> {
  const row = await redoable(ctx, importId);
  refusePart(row);
  return await startRun(ctx, row, "redo", { changedSince: "keep", records: [] });
}
