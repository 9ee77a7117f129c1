import { deleteExport, findExpiredExports } from "@/db/queries/exports";
import type { SystemContext } from "@/lib/services/context";
import { exportPrefix } from "@/lib/services/exports/run-export";

const AT_ONCE = 100;

/** Removes the files and rows of exports past their time; answers how many. */
export async function removeExpiredExports(ctx: SystemContext): Promise<number> {
  let removed = 0;
  for (;;) {
    const expired = await findExpiredExports(ctx.db.sql, ctx.now(), AT_ONCE);
    for (const { id } of expired) {
      // The row last: interrupted here, the next round finds it again.
      for await (const key of ctx.storage.list(exportPrefix(id))) await ctx.storage.delete(key);
      await deleteExport(ctx.db.sql, id);
    }
    removed += expired.length;
    if (expired.length < AT_ONCE) return removed;
  }
}
