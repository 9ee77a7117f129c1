import { endPause, stopRequest } from "@/db/queries/job-control";
import { advanceJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";
import { wakePaused } from "./resume-job";

/**
 * The function has come to rest and waits for `job/resumed`. When the person has thought better of it meanwhile, that
 * event has come too early to be heard: it is sent again.
 */
export async function enterPause(ctx: SystemContext, jobId: string): Promise<void> {
  const paused = await ctx.db.sql.begin(async (tx) => {
    await tx`select from jobs where id = ${jobId} for update`;
    if ((await stopRequest(tx, jobId)) !== "pause") return false;
    await advanceJob(tx, jobId, { event: "progress", state: "paused" });
    return true;
  });
  if (!paused) await wakePaused(ctx, jobId);
}

/** Whether a wait for `job/resumed` that ran out was for nothing: the job is still paused. Ends the pause. */
export async function pauseRanOut(ctx: SystemContext, jobId: string): Promise<{ ranOut: boolean }> {
  return await ctx.db.sql.begin(async (tx) => {
    await tx`select from jobs where id = ${jobId} for update`;
    if ((await stopRequest(tx, jobId)) !== "pause") return { ranOut: false };
    await endPause(tx, jobId);
    return { ranOut: true };
  });
}
