import { cancelPendingExport } from "@/db/queries/exports";
import { findJob, lockJob, requestCancel } from "@/db/queries/job-lists";
import { advanceJob, isTerminal, type JobView } from "@/db/queries/jobs";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { cancelImport } from "@/lib/services/imports/cancel";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Asks a job to stop. An export that nobody has begun is cancelled at once; anything else stops at its next chunk, by
 * the mark on the job and by an event for a function that waits.
 */
export async function cancelJob(ctx: ServiceContext, jobId: string): Promise<JobView> {
  const known = await findJob(ctx.db.sql, jobId, ctx.ownerId);
  if (known?.job.kind === "import" && !isTerminal(known.job.state)) {
    await cancelImport(ctx, known.job.subjectId);
    return (await findJob(ctx.db.sql, jobId, ctx.ownerId))?.job ?? known.job;
  }
  const job = await ctx.db.sql.begin(async (tx) => {
    const found = await lockJob(tx, jobId, ctx.ownerId);
    if (!found) throw new NotFoundError("job");
    if (isTerminal(found.state)) {
      throw new ConflictError("job-finished", "The job has ended already; there is nothing left to cancel.");
    }
    await requestCancel(tx, jobId);
    if (found.kind === "export" && (await cancelPendingExport(tx, found.subjectId))) {
      return advanceJob(tx, jobId, { event: "cancelled", state: "cancelled" });
    }
    return found;
  });
  await ctx.sendEvents([{ name: "job/cancel.requested", data: { jobId }, id: `cancel-${jobId}` }]);
  return job;
}
