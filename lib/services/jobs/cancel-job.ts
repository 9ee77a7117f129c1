import { cancelPendingBackup } from "@/db/queries/backups";
import { cancelPendingExport } from "@/db/queries/exports";
import { type CancelLeaves, requestCancel } from "@/db/queries/job-control";
import { findJob, lockJob } from "@/db/queries/job-lists";
import { advanceJob, isTerminal, type JobView } from "@/db/queries/jobs";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { cancelImport } from "@/lib/services/imports/cancel";
import type { ServiceContext } from "@/lib/services/context";
import { cancelRestore } from "@/lib/services/restores/cancel";
import { requireRestore } from "@/lib/services/restores/view";

/**
 * Asks a job to stop. What nobody has begun is cancelled at once; anything else stops at its next chunk, where it looks
 * for the mark on its job. `leaves` is for imports that are being applied. An undo runs to its end: half of one would
 * leave records of two times side by side.
 */
export async function cancelJob(
  ctx: ServiceContext,
  jobId: string,
  leaves: CancelLeaves = "nothing",
): Promise<JobView> {
  const known = await findJob(ctx.db.sql, jobId, ctx.ownerId);
  if (known?.job.kind === "import" && !isTerminal(known.job.state)) {
    await cancelImport(ctx, known.job.subjectId, leaves);
    return (await findJob(ctx.db.sql, jobId, ctx.ownerId))?.job ?? known.job;
  }
  if (known?.job.kind === "restore" && !isTerminal(known.job.state)) {
    await cancelRestore(ctx, await requireRestore(ctx, known.job.subjectId));
    return (await findJob(ctx.db.sql, jobId, ctx.ownerId))?.job ?? known.job;
  }
  return await ctx.db.sql.begin(async (tx) => {
    const found = await lockJob(tx, jobId, ctx.ownerId);
    if (!found) throw new NotFoundError("job");
    if (isTerminal(found.state)) {
      throw new ConflictError("job-finished", "The job has ended already; there is nothing left to cancel.");
    }
    if (found.kind === "undo") {
      throw new ConflictError(
        "undo-not-cancellable",
        "An undo cannot be stopped half-way. Pause it, or let it end and undo the undo.",
      );
    }
    await requestCancel(tx, jobId);
    const notBegun =
      (found.kind === "export" && (await cancelPendingExport(tx, found.subjectId))) ||
      (found.kind === "backup" && (await cancelPendingBackup(tx, found.subjectId)));
    if (notBegun) {
      return advanceJob(tx, jobId, { event: "cancelled", state: "cancelled" });
    }
    return found;
  });
}
