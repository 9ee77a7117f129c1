import type { ImportSummary } from "@/lib/contracts/import-view";

type Finished = Pick<ImportSummary, "state" | "collectionId" | "result" | "undoableUntil">;

/** Whether an undo is under way, or its taking back. */
export function isBeingUndone({ state }: Pick<ImportSummary, "state">): boolean {
  return state === "undoing" || state === "redoing";
}

/** Whether it ran to an end that may have changed records; a cancelled one has a result when what was in was kept. */
export function leftChanges({ state, result }: Pick<ImportSummary, "state" | "result">): boolean {
  return (
    state === "completed" || state === "completed_with_errors" || (state === "cancelled" && result !== null)
  );
}

/** Why a finished import cannot be undone, in words; null when it can be. */
export function whyNotUndoable(view: Finished): string | null {
  const { collectionId, result, undoableUntil } = view;
  if (!leftChanges(view)) return "Only a finished import can be undone.";
  if (result?.journalId === null) return "It changed nothing, so there is nothing to undo.";
  if (collectionId === null) return "The collection it went into was deleted, so it cannot be undone.";
  if (undoableUntil === null) return "Its journal is no longer kept, so it can no longer be undone.";
  return null;
}
