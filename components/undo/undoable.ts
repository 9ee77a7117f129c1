import type { ImportSummary } from "@/components/imports/types";

type Finished = Pick<ImportSummary, "state" | "collectionId" | "result" | "undoableUntil">;

/** Whether an undo is under way, or its taking back. */
export function isBeingUndone({ state }: Pick<ImportSummary, "state">): boolean {
  return state === "undoing" || state === "redoing";
}

/** Why a finished import cannot be undone, in words; null when it can be. */
export function whyNotUndoable({ state, collectionId, result, undoableUntil }: Finished): string | null {
  if (state !== "completed" && state !== "completed_with_errors")
    return "Only a finished import can be undone.";
  if (result?.journalId === null) return "It changed nothing, so there is nothing to undo.";
  if (collectionId === null) return "The collection it went into was deleted, so it cannot be undone.";
  if (undoableUntil === null) return "Its journal is no longer kept, so it can no longer be undone.";
  return null;
}
