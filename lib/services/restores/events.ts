import type { DomainEvent } from "@/lib/services/context";

/** Hands a restore to its durable function. Sent twice, it runs once. */
export function requestedEvent(restoreId: string, ownerId: string): DomainEvent {
  return { name: "restore/requested", data: { restoreId, ownerId }, id: `restore-${restoreId}` };
}

/** What a person decided about a plan that waits. */
export function decidedEvent(restoreId: string, decision: "go" | "cancel"): DomainEvent {
  return { name: "restore/decided", data: { restoreId, decision } };
}

/** Hands the undo of a restore, or its taking back, to its durable function. Sent twice, it runs once. */
export function undoEvent(restoreId: string, jobId: string, kind: "undo" | "redo"): DomainEvent {
  return { name: `restore/${kind}.requested`, data: { restoreId, jobId }, id: `restore-${kind}-${jobId}` };
}
