import { isTerminal } from "@/db/queries/jobs";
import { ConflictError } from "@/lib/platform/errors";
import type { RetryJob } from "@/lib/contracts/jobs";
import type { ServiceContext } from "@/lib/services/context";
import { retryImport } from "@/lib/services/imports/retry-failed";
import type { ImportView } from "@/lib/contracts/import-view";
import { getJob } from "@/lib/services/jobs/get-job";

/** Runs the work of a job that has ended once more, as a new job. */
export async function retryJob(ctx: ServiceContext, jobId: string, input: RetryJob): Promise<ImportView> {
  const job = await getJob(ctx, jobId);
  if (!isTerminal(job.state)) {
    throw new ConflictError(
      "job-not-finished",
      "The job is still at work; only one that has ended can be retried.",
    );
  }
  if (job.kind !== "import") {
    throw new ConflictError(
      "not-supported",
      job.kind === "undo"
        ? `Start the ${job.action} again from its ${job.subjectKind}.`
        : "This job cannot be retried: start it anew.",
    );
  }
  return await retryImport(ctx, job.subjectId, input);
}
