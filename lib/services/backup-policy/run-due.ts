import {
  advancePolicy,
  findBackupPolicy,
  findDuePolicies,
  hasScheduledBackup,
} from "@/db/queries/backup-policies";
import { nextRun } from "@/lib/services/backup-policy/timing";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { ServiceContext, SystemContext } from "@/lib/services/context";

const AT_ONCE = 200;

/**
 * Sends one event for each user whose run is due, and moves the policy on to its next run: whatever was missed is
 * caught up with once. The event has an id of its run, so that one sent twice runs once. Answers how many.
 */
export async function requestDueRuns(ctx: SystemContext): Promise<number> {
  let requested = 0;
  for (;;) {
    const now = ctx.now();
    const due = await findDuePolicies(ctx.db.sql, now, AT_ONCE);
    for (const row of due) {
      const { schedule, owner_id: ownerId, next_run_at: runAt } = row;
      if (!schedule || !runAt) continue;
      const isDue = runAt <= now;
      if (isDue) {
        const id = `scheduled-backup-${ownerId}-${runAt.getTime()}`;
        await ctx.sendEvents([
          { name: "backup/scheduled", data: { ownerId, runAt: runAt.toISOString() }, id },
        ]);
        requested++;
      }
      const nextRunAt = nextRun(schedule, ownerId, now);
      await advancePolicy(ctx.db.sql, row, { nextRunAt, ranAt: isDue ? runAt : null });
    }
    if (due.length < AT_ONCE) return requested;
  }
}

/** Asks for the backup of one run; a second time for the same run, or without a schedule that is on any more, nothing happens. */
export async function runScheduled(ctx: ServiceContext, runAt: Date): Promise<string | null> {
  const policy = await findBackupPolicy(ctx.db.sql, ctx.ownerId);
  if (!policy?.schedule || policy.paused) return null;
  if (await hasScheduledBackup(ctx.db.sql, ctx.ownerId, runAt, ctx.now())) return null;
  const options = { reason: "schedule" as const, fullEvery: policy.full_every, scheduledFor: runAt };
  const backup = await createBackup(ctx, { type: "incremental", encryption: policy.encryption }, options);
  return backup.id;
}
