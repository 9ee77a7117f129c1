import { deleteOldExports, expireExport, findExpiredExports } from "@/db/queries/exports";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";
import { exportPrefix } from "@/lib/services/exports/run-export";

const AT_ONCE = 100;
const DAY_MILLISECONDS = 24 * 3_600_000;

/**
 * Removes the files of exports past their time; answers of how many. The exports themselves are told of as long as jobs
 * are, so that an old link says that its file has expired.
 */
export async function removeExpiredExports(ctx: SystemContext): Promise<number> {
  await deleteOldExports(ctx.db.sql, new Date(ctx.now().getTime() - env().JOB_DAYS * DAY_MILLISECONDS));
  let removed = 0;
  for (;;) {
    const expired = await findExpiredExports(ctx.db.sql, ctx.now(), AT_ONCE);
    for (const { id } of expired) {
      // The row last: interrupted here, the next round finds it again.
      await removeFiles(ctx, id);
      await expireExport(ctx.db.sql, id);
    }
    removed += expired.length;
    if (expired.length < AT_ONCE) return removed;
  }
}

/** Removes every object of an export, those that no run finished included. */
export async function removeFiles(ctx: SystemContext, exportId: string): Promise<void> {
  for await (const key of ctx.storage.list(exportPrefix(exportId))) await ctx.storage.delete(key);
}
