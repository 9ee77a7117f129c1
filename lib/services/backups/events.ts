import type { DomainEvent } from "@/lib/services/context";

/** Starts the function that makes a backup; sent twice, it starts it once. */
export function backupRequested(data: { backupId: string; jobId: string; ownerId: string }): DomainEvent {
  return { name: "backup/requested", data, id: `backup-${data.backupId}` };
}

/** Starts the function that checks a backup, once for each job. */
export function checkRequested(data: { backupId: string; jobId: string; ownerId: string }): DomainEvent {
  return { name: "backup/check-requested", data, id: `backup-check-${data.jobId}` };
}
