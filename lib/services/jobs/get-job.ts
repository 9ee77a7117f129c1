import { findJob } from "@/db/queries/job-lists";
import type { JobView } from "@/db/queries/jobs";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

export async function getJob(ctx: ServiceContext, jobId: string): Promise<JobView> {
  const found = await findJob(ctx.db.sql, jobId, ctx.ownerId);
  if (!found) throw new NotFoundError("job");
  return found.job;
}
