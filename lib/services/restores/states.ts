import type { RestoreState } from "@/db/schema";

const UNDER_WAY: readonly RestoreState[] = ["pending", "reading", "ready", "saving", "restoring"];

const LEFT_NOTHING: readonly RestoreState[] = ["failed", "rolled_back", "cancelled", "expired"];

/** Its function works for it or waits for a person: it has neither ended nor is it being undone. */
export function isUnderWay(state: RestoreState): boolean {
  return UNDER_WAY.includes(state);
}

/** It was carried out and stands: its journal can take it back. */
export function wasApplied(state: RestoreState): boolean {
  return state === "completed" || state === "completed_with_errors";
}

/** It ended without having changed anything, or everything was taken back. */
export function leftNothing(state: RestoreState): boolean {
  return LEFT_NOTHING.includes(state);
}
