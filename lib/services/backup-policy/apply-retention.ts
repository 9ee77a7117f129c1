import { findBackupPolicy, findPolicyOwners, findRetainedBackups } from "@/db/queries/backup-policies";
import { markDeleted } from "@/db/queries/backup-removal";
import { UNDELETE_DAYS } from "@/lib/services/backups/delete-backup";
import { planBackups } from "@/lib/services/backup-policy/plan";
import type { SystemContext } from "@/lib/services/context";

const AT_ONCE = 200;

/**
 * Marks what users' policies do not keep as deleted; it can be taken back for seven days as any deleted backup can.
 * Users without a policy lose nothing. Answers how many backups.
 */
export async function applyRetention(ctx: SystemContext): Promise<number> {
  let removed = 0;
  let after: string | null = null;
  for (;;) {
    const owners = await findPolicyOwners(ctx.db.sql, after, AT_ONCE);
    for (const ownerId of owners) removed += await applyTo(ctx, ownerId);
    if (owners.length < AT_ONCE) return removed;
    after = owners.at(-1) ?? null;
  }
}

async function applyTo(ctx: SystemContext, ownerId: string): Promise<number> {
  return ctx.db.sql.begin(async (tx) => {
    const policy = await findBackupPolicy(tx, ownerId);
    if (!policy) return 0;
    const { removed } = planBackups(await findRetainedBackups(tx, ownerId, true), policy, ctx.now());
    if (removed.length === 0) return 0;
    await markDeleted(
      tx,
      removed.map(({ id }) => id),
      { deletedAt: ctx.now(), days: UNDELETE_DAYS },
    );
    ctx.log.info({ ownerId, count: removed.length }, "backups removed by the user's policy");
    return removed.length;
  });
}
