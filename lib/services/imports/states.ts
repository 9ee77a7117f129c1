import type { ImportState } from "@/db/schema";

const ENDED: readonly ImportState[] = [
  "completed",
  "completed_with_errors",
  "failed",
  "rolled_back",
  "cancelled",
  "undone",
];

/** No function works for the import any more, and none will unless somebody asks for its undo. */
export function hasEnded(state: ImportState): boolean {
  return ENDED.includes(state);
}

/**
 * Whether the import left something that its journal can take back: finished, or cancelled with what was in kept (then,
 * and only then, a cancelled import has a result).
 */
export function leftChanges(row: { state: ImportState; result: unknown }): boolean {
  return (
    row.state === "completed" ||
    row.state === "completed_with_errors" ||
    (row.state === "cancelled" && row.result !== null)
  );
}
