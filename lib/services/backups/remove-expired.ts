import { stopTrackingIdle } from "@/db/queries/backup-tracking";
import { beginRemoval, deleteBackupRow, findRemovable } from "@/db/queries/backup-removal";
import { clearLeftAttempts } from "@/lib/services/backups/clear-attempts";
import { refuseEmptyStore } from "@/lib/services/backups/empty-store";
import type { SystemContext } from "@/lib/services/context";

const AT_ONCE = 100;

/**
 * Removes the files and rows of backups that were deleted and can no longer be taken back, and what attempts at backups
 * left in the store; answers how many backups. One that cannot be removed stops no other.
 * @throws the first of such errors, once everything else is done: the next round tries again
 */
export async function removeDeletedBackups(ctx: SystemContext): Promise<number> {
  const failed = new Map<string, unknown>();
  let removed = 0;
  for (;;) {
    // The ends of chains first: once they are gone, those before them are found.
    const except = [...failed.keys()];
    const removable = await findRemovable(ctx.db.sql, ctx.now(), { limit: AT_ONCE, except });
    for (const { id, storageKey } of removable) {
      try {
        if (await removeOne(ctx, id, storageKey)) removed++;
      } catch (error) {
        failed.set(id, error);
        ctx.log.warn({ err: error, backupId: id }, "a deleted backup could not be removed");
      }
    }
    if (removable.length === 0) break;
  }
  await clearLeftAttempts(ctx);
  await stopTrackingIdle(ctx.db.sql);
  for (const error of failed.values()) throw error;
  return removed;
}

async function removeOne(ctx: SystemContext, id: string, storageKey: string | null): Promise<boolean> {
  // Its row is all that is known of a file which is only out of reach.
  if (storageKey !== null && !(await ctx.storage.stat(storageKey))) await refuseEmptyStore(ctx);
  if (!(await beginRemoval(ctx.db.sql, id, ctx.now()))) return false;
  // The row last: interrupted here, the next round finds it again.
  for await (const key of ctx.storage.list(`backups/${id}/`)) await ctx.storage.delete(key);
  await deleteBackupRow(ctx.db.sql, id);
  return true;
}
