import { listJobs as selectJobs } from "@/db/queries/job-lists";
import type { JobView } from "@/db/queries/jobs";
import type { Page } from "@/lib/contracts/common";
import type { ListJobs } from "@/lib/contracts/jobs";
import { ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";

/** The user's jobs, newest first. */
export async function listJobs(ctx: ServiceContext, query: ListJobs): Promise<Page<JobView>> {
  if (query.cursor !== undefined && !isUuid(query.cursor)) {
    throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
  }
  const rows = await selectJobs(ctx.db.sql, ctx.ownerId, query);
  const items = rows.slice(0, query.limit);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}
