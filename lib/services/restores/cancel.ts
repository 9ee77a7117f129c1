import { requestCancel } from "@/db/queries/job-control";
import type { RestoreRow } from "@/db/queries/restores";
import { ConflictError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { wakePaused } from "@/lib/services/jobs/resume-job";
import { decidedEvent } from "./events";
import { rollBackRestore } from "./roll-back";
import { isUnderWay } from "./states";

/**
 * Discards a plan at once, or stops a restore at its next chunk and takes back what is in: nothing of it remains.
 * @throws ConflictError when it has ended
 */
export async function cancelRestore(ctx: ServiceContext, row: RestoreRow): Promise<void> {
  if (!isUnderWay(row.state)) {
    throw new ConflictError(
      "restore-finished",
      "The restore has ended already; a finished one can be undone.",
    );
  }
  await requestCancel(ctx.db.sql, row.jobId);
  // Told first: of a plan that is over already, nobody would tell the function again when this is lost.
  await ctx.sendEvents([decidedEvent(row.id, "cancel")]);
  if (row.state === "ready") await rollBackRestore(ctx, row.id, { kind: "cancelled" });
  await wakePaused(ctx, row.jobId);
}
