import { findUnsentEvents } from "@/db/queries/unsent-events";
import type { SystemContext } from "@/lib/services/context";
import { backupRequested, checkRequested } from "@/lib/services/backups/events";
import { requestedEvent } from "@/lib/services/imports/requested-event";
import { decidedEvent, requestedEvent as restoreRequested, undoEvent } from "@/lib/services/restores/events";

/**
 * Sends events again that may have been lost: a process that dies, or a database that goes away, between the change that
 * asks for work and the event that starts it would leave it waiting for good. Harmless when they were sent: an event
 * with an id starts its function once, and a decision that nobody waits for is not heard.
 * Answers how many were sent.
 */
export async function resendEvents(ctx: SystemContext): Promise<number> {
  const unsent = await findUnsentEvents(ctx.db.sql);
  const events = [
    ...unsent.imports.map(({ id, sizeBytes }) => requestedEvent(id, sizeBytes)),
    ...unsent.undos.map(({ importId, jobId, kind }) => ({
      name: `import/${kind}.requested`,
      data: { importId, jobId },
      id: `${kind}-${jobId}`,
    })),
    ...unsent.decisions.map(({ importId, cancelled }) => ({
      name: "import/decided",
      data: { importId, decision: cancelled ? "cancel" : "go" },
    })),
    ...unsent.resumedJobs.map((jobId) => ({ name: "job/resumed", data: { jobId } })),
    ...unsent.exports.map((exportId) => ({
      name: "export/requested",
      data: { exportId },
      id: `export-${exportId}`,
    })),
    ...unsent.backups.map((data) => backupRequested(data)),
    ...unsent.checks.map((data) => checkRequested(data)),
    ...unsent.restores.map(({ restoreId, ownerId }) => restoreRequested(restoreId, ownerId)),
    ...unsent.restoreDecisions.map(({ restoreId, cancelled }) =>
      decidedEvent(restoreId, cancelled ? "cancel" : "go"),
    ),
    ...unsent.restoreUndos.map(({ restoreId, jobId, kind }) => undoEvent(restoreId, jobId, kind)),
  ];
  if (events.length > 0) await ctx.sendEvents(events);
  return events.length;
}
