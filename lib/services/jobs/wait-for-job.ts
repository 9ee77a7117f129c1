import { findJob } from "@/db/queries/job-lists";
import { isTerminal, type JobView } from "@/db/queries/jobs";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { subscribeToJobs } from "@/lib/services/jobs/job-signals";

/** Looked at this often although no signal came. */
const LOOK_AGAIN_MILLISECONDS = 1_000;

/** Waits until a job has ended or needs a decision, or `seconds` are over; answers the job as it is then. */
export async function waitForJob(ctx: ServiceContext, jobId: string, seconds: number): Promise<JobView> {
  const deadline = Date.now() + seconds * 1000;
  const subscription = subscribeToJobs(ctx, { jobId });
  try {
    for (;;) {
      const found = await findJob(ctx.db.sql, jobId, ctx.ownerId);
      if (!found) throw new NotFoundError("job");
      const left = deadline - Date.now();
      if (isTerminal(found.job.state) || found.job.state === "awaiting_review" || left <= 0) return found.job;
      await subscription.next(Math.min(left, LOOK_AGAIN_MILLISECONDS));
    }
  } finally {
    subscription.close();
  }
}
