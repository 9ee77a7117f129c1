import type { ImportState } from "@/db/schema";
import { findImportCollection, type CollectionRow, type ImportRow } from "@/db/queries/imports";
import type { UndoCounts } from "@/db/bulk/undo-run";
import { env } from "@/lib/platform/env";
import { ConflictError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

export type UndoKind = "undo" | "redo";

/** What `imports.undo` holds: the last undo or redo, under way or done. */
export interface UndoState extends UndoCounts {
  kind: UndoKind;
  jobId: string;
  /** Of a restore, whose collections share one job: the run of this one. Otherwise a run has its job's id. */
  runId?: string;
  changedSince: "keep" | "revert";
  /** The state of the import with its result standing: what a failed undo and a redo return to. */
  standing: ImportState;
}

/** The state an import is in while it is undone or redone. */
export const WORKING = { undo: "undoing", redo: "redoing" } as const;

/** @throws ConflictError when another undo or redo is at work, or the journal is gone */
export function requireJournal(ctx: ServiceContext, row: ImportRow, wish: UndoKind): void {
  if (row.state === "undoing")
    throw new ConflictError("undo-in-progress", "This import is being undone just now.");
  if (row.state === "redoing") {
    throw new ConflictError("redo-in-progress", "The undo of this import is being taken back just now.");
  }
  if (row.staged === null || (row.expiresAt && row.expiresAt <= ctx.now())) {
    throw new ConflictError(
      `${wish}-expired`,
      `What an import did is kept for ${env().UNDO_DAYS} days. That time is over for this one, so ${
        wish === "undo" ? "it can no longer be undone" : "its undo can no longer be taken back"
      }.`,
    );
  }
}

export async function findTarget(ctx: ServiceContext, row: ImportRow): Promise<CollectionRow | undefined> {
  return row.collectionId ? await findImportCollection(ctx.db, row.collectionId, ctx.ownerId) : undefined;
}

export function collectionGone(): ConflictError {
  return new ConflictError("collection-gone", "The collection this import went into has been deleted.");
}
