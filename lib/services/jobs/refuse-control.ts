import { isTerminal } from "@/db/queries/jobs";
import { ConflictError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { getJob } from "@/lib/services/jobs/get-job";

/** Answers a wish that the job's present state or kind does not allow, in words for the person. */
export async function refuseControl(
  ctx: ServiceContext,
  jobId: string,
  wish: "pause" | "resume" | "retry",
): Promise<never> {
  const job = await getJob(ctx, jobId);
  if (wish === "retry" && !isTerminal(job.state)) {
    throw new ConflictError(
      "job-not-finished",
      "The job is still at work; only one that has ended can be retried.",
    );
  }
  if (wish === "pause" && isTerminal(job.state)) {
    throw new ConflictError("job-finished", "The job has ended already; there is nothing left to pause.");
  }
  if (wish === "resume" && job.state !== "paused") {
    throw new ConflictError("job-not-paused", "The job is not paused, so there is nothing to resume.");
  }
  throw new ConflictError(
    "not-supported-yet",
    wish === "retry"
      ? "This job cannot be retried: start it anew."
      : "Jobs of this kind cannot be paused: cancel it instead.",
  );
}
