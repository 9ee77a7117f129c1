import { deleteEndedLinks } from "@/db/queries/share-links";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";

const DAY_MILLISECONDS = 24 * 3_600_000;

/**
 * Removes share links whose file is gone, at once, and others as long after their end as jobs are kept, each with its
 * log; answers of how many.
 */
export function removeEndedShares(ctx: SystemContext): Promise<number> {
  const now = ctx.now();
  return deleteEndedLinks(ctx.db.sql, now, new Date(now.getTime() - env().JOB_DAYS * DAY_MILLISECONDS));
}
