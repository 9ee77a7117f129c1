import { endPause } from "@/db/queries/job-control";
import { lockJob } from "@/db/queries/job-lists";
import { advanceJob, type JobView } from "@/db/queries/jobs";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/** Lets a paused job go on where it was, or takes back a pause that has not been reached yet. */
export async function resumeJob(ctx: ServiceContext, jobId: string): Promise<JobView> {
  const job = await ctx.db.sql.begin(async (tx) => {
    const found = await lockJob(tx, jobId, ctx.ownerId);
    if (!found) throw new NotFoundError("job");
    if (found.state !== "paused" && !found.pauseRequested) {
      throw new ConflictError("job-not-paused", "The job is not paused, so there is nothing to resume.");
    }
    await endPause(tx, jobId);
    const state = found.state === "paused" ? ("processing" as const) : undefined;
    return await advanceJob(tx, jobId, { event: "progress", state });
  });
  await wakePaused(ctx, jobId);
  return job;
}

/** Wakes the function of a paused job. Sent to one that does not wait, it does nothing. */
export async function wakePaused(ctx: Pick<ServiceContext, "sendEvents">, jobId: string): Promise<void> {
  await ctx.sendEvents([{ name: "job/resumed", data: { jobId } }]);
}
