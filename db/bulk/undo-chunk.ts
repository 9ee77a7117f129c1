import type { ActionRules } from "./import-actions";
import type { RecordIds } from "./row-id";

export interface UndoChunkInput {
  importId: string;
  collectionId: string;
  ownerId: string;
  ids: RecordIds;
  keyFields: readonly string[];
  chunk: number;
  firstRow: number;
  lastRow: number;
  /**
   * rollback: the import failed and nothing of it may remain, versions and times included. undo: a change of its own,
   * later than the import; records edited since are kept or reverted as the person says.
   */
  mode: { kind: "rollback" } | UndoMode;
}

interface UndoMode {
  kind: "undo";
  undoId: string;
  changedSince: "keep" | "revert";
  rules: ActionRules;
}

/** One chunk that an undo, not a rollback, takes back. */
export type UndoneChunk = Omit<UndoChunkInput, "mode"> & { mode: UndoMode };

export interface RedoChunkInput {
  importId: string;
  collectionId: string;
  ownerId: string;
  ids: RecordIds;
  keyFields: readonly string[];
  rules: ActionRules;
  chunk: number;
  firstRow: number;
  lastRow: number;
  redoId: string;
}

/** A chunk being brought back, with the undo that had taken it back. */
export interface UndoneWork extends RedoChunkInput {
  undoId: string;
}
