import { requestPause } from "@/db/queries/job-control";
import { lockJob } from "@/db/queries/job-lists";
import { advanceJob, isTerminal, type JobView } from "@/db/queries/jobs";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

const PAUSABLE: readonly JobView["kind"][] = ["import", "restore", "undo"];

/**
 * Asks a job to pause. An import, a restore or the undo of one stops at the end of its present batch (one that is reading
 * its file, when that is read) and keeps what it did; the collections stay its own, so that no other import mixes with it.
 */
export async function pauseJob(ctx: ServiceContext, jobId: string): Promise<JobView> {
  return await ctx.db.sql.begin(async (tx) => {
    const job = await lockJob(tx, jobId, ctx.ownerId);
    if (!job) throw new NotFoundError("job");
    if (isTerminal(job.state)) {
      throw new ConflictError("job-finished", "The job has ended already; there is nothing left to pause.");
    }
    if (!PAUSABLE.includes(job.kind)) {
      throw new ConflictError(
        "not-supported",
        "Jobs of this kind cannot be paused. Cancel it instead, and start it again later.",
      );
    }
    if (job.state === "awaiting_review" || job.startedAt === null) {
      throw new ConflictError("job-waits", "The job waits for you: nothing is at work that could pause.");
    }
    if (job.state === "paused" || job.pauseRequested) return job;
    await requestPause(tx, jobId);
    return await advanceJob(tx, jobId, { event: "progress" });
  });
}
