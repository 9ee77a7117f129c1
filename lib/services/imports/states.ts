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
