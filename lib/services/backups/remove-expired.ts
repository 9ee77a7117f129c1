import { stopTrackingIdle } from "@/db/queries/backup-tracking";
import { beginRemoval, deleteBackupRow, findRemovable } from "@/db/queries/backups";
import type { SystemContext } from "@/lib/services/context";

const AT_ONCE = 100;

/** Removes the files and rows of backups that were deleted and can no longer be taken back; answers how many. */
export async function removeDeletedBackups(ctx: SystemContext): Promise<number> {
  let removed = 0;
  for (;;) {
    // The ends of chains first: once they are gone, those before them are found.
    const removable = await findRemovable(ctx.db.sql, ctx.now(), AT_ONCE);
    for (const { id } of removable) {
      if (!(await beginRemoval(ctx.db.sql, id, ctx.now()))) continue;
      // The row last: interrupted here, the next round finds it again.
      for await (const key of ctx.storage.list(`backups/${id}/`)) await ctx.storage.delete(key);
      await deleteBackupRow(ctx.db.sql, id);
      removed++;
    }
    if (removable.length === 0) break;
  }
  await stopTrackingIdle(ctx.db.sql);
  return removed;
}
