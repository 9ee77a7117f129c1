import { deleteJobsFinishedBefore } from "@/db/queries/job-lists";
import { deleteOldNotices } from "@/db/queries/notices";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";

const DAY_MILLISECONDS = 24 * 3_600_000;

/** Forgets jobs, with their events, that ended more than JOB_DAYS ago (S7.5), and notices of then; answers how many jobs. */
export async function removeOldJobs(ctx: SystemContext): Promise<number> {
  const before = new Date(ctx.now().getTime() - env().JOB_DAYS * DAY_MILLISECONDS);
  await deleteOldNotices(ctx.db.sql, before);
  return deleteJobsFinishedBefore(ctx.db.sql, before);
}
