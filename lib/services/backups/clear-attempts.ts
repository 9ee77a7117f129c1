import { findLeftAttempts, forgetAttempts } from "@/db/queries/backup-removal";
import { findBackup } from "@/db/queries/backups";
import type { SystemContext } from "@/lib/services/context";

const AT_ONCE = 100;
/** Longer than any step may take: who began before that does not write any more. */
const SURE_MS = 3_600_000;

/** Removes what attempts at a backup that has ended left in the store, but for the file of one that is complete. */
export async function clearAttempts(ctx: SystemContext, backupId: string): Promise<void> {
  const row = await findBackup(ctx.db.sql, backupId);
  if (!row || row.state === "pending" || row.state === "processing") return;
  for (const key of row.attempt_keys) if (key !== row.storage_key) await ctx.storage.delete(key);
}

/** The same for all that ended an hour ago or earlier, and for good. Answers how many backups. */
export async function clearLeftAttempts(ctx: SystemContext): Promise<number> {
  let cleared = 0;
  for (;;) {
    const left = await findLeftAttempts(ctx.db.sql, new Date(ctx.now().getTime() - SURE_MS), AT_ONCE);
    for (const { id } of left) {
      await clearAttempts(ctx, id);
      await forgetAttempts(ctx.db.sql, id);
      cleared++;
    }
    if (left.length < AT_ONCE) return cleared;
  }
}
