import { previewUndo } from "@/db/bulk/undo-preview";
import { isStaged } from "@/db/bulk/staging";
import { findImport, journalChunks, type CollectionRow, type ImportRow } from "@/db/queries/imports";
import type { UndoImport, UndoPreviewView } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { refusePart } from "./part-of-restore";
import { recordIdsOf, rulesAsApplied } from "./running";
import type { StagedSummary } from "./stage-lines";
import { leftChanges } from "./states";
import { collectionGone, findTarget, requireJournal, type UndoState } from "./undo-state";
import { choicesOf, refuseEmptied } from "./undo-choices";
import { startRun } from "./undo-start";

export type { UndoState } from "./undo-state";

/** Edited records that a preview lists by name; all are counted. */
const LISTED_MAX = 1000;

async function undoable(
  ctx: ServiceContext,
  importId: string,
): Promise<{ row: ImportRow; collection: CollectionRow }> {
  const row = await findImport(ctx.db, importId, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (row.state !== "undone" && row.state !== "undoing" && row.state !== "redoing" && !leftChanges(row)) {
    throw new ConflictError(
      "not-finished",
      "Only a finished import can be undone; this one changed nothing.",
    );
  }
  requireJournal(ctx, row, "undo");
  // A redo that could not be completed leaves chunks in: those can be taken back.
  if (row.state === "undone" && (await journalChunks(ctx.db.sql, row.id)).every((c) => c.undone)) {
    throw new ConflictError("already-undone", "This import has been undone already.");
  }
  const collection = await findTarget(ctx, row);
  if (!collection) throw collectionGone();
  return { row, collection };
}

/** What an undo would do, read-only. */
export async function previewImportUndo(ctx: ServiceContext, importId: string): Promise<UndoPreviewView> {
  const { row, collection } = await undoable(ctx, importId);
  const preview = await previewUndo(ctx.db.sql, {
    importId,
    collectionId: collection.id,
    ids: recordIdsOf(row),
    lastRow: (row.staged as StagedSummary).lastRow,
    limit: LISTED_MAX,
    isStaged: await isStaged(ctx.db.sql, importId),
    rules: rulesAsApplied(row),
  });
  return {
    ...preview,
    laterImports: preview.laterImports.map((l) => ({ ...l, finishedAt: l.finishedAt.toISOString() })),
  };
}

/**
 * Starts the undo of a finished import as a job.
 * @throws ConflictError when there is nothing to undo, or its time is over
 * @throws ValidationError when a choice names a field that the collection does not have, or would empty a required one
 */
export async function startUndo(
  ctx: ServiceContext,
  importId: string,
  input: UndoImport,
): Promise<{ id: string; jobId: string }> {
  const { row, collection } = await undoable(ctx, importId);
  refusePart(row);
  const given = (input.specificResolutions ?? []).map((one, position) => ({ ...one, position }));
  const choices = choicesOf(input.changedSince, given, collection);
  await refuseEmptied(ctx, importId, choices, collection);
  return await startRun(ctx, row, "undo", choices);
}

/** Where the last undo or redo of an import stands, in the shape its POST answers. */
export async function undoOutcome(ctx: ServiceContext, importId: string) {
  const row = await findImport(ctx.db, importId, ctx.ownerId);
  if (!row?.undo) throw new NotFoundError("undo");
  const { jobId, removed, restored, reinserted, kept, gone } = row.undo as UndoState;
  return { id: importId, jobId, state: row.state, removed, restored, reinserted, kept, gone };
}
