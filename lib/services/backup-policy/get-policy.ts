import { findBackupPolicy, lastBackupSuccess, type BackupPolicyRow } from "@/db/queries/backup-policies";
import type { BackupPolicy } from "@/lib/contracts/backup-policy";
import type { ServiceContext } from "@/lib/services/context";

/** A run is late when it has not succeeded for so long. */
export const GRACE_MS = 3_600_000;

/** What a page proposes to a user who has not chosen yet. Until then nothing is made or removed by itself. */
const PROPOSED = {
  schedule: null,
  paused: false,
  retention: { keepLast: 3, keepDaily: 7, keepWeekly: 4, keepMonthly: 12, keepYearly: 0 },
  fullEvery: 7,
  encryption: { mode: "server" as const },
};

/** The user's policy; without one, a proposal that does nothing yet. */
export async function getPolicy(ctx: ServiceContext): Promise<BackupPolicy> {
  const [row, lastSuccess] = await Promise.all([
    findBackupPolicy(ctx.db.sql, ctx.ownerId),
    lastBackupSuccess(ctx.db.sql, ctx.ownerId, ctx.now()),
  ]);
  const lastSuccessAt = lastSuccess?.toISOString() ?? null;
  if (!row) return { ...PROPOSED, nextRunAt: null, lastRunAt: null, lastSuccessAt, isOverdue: false };
  return {
    schedule: row.schedule,
    paused: row.paused,
    retention: row.retention,
    fullEvery: row.full_every,
    encryption: row.encryption,
    nextRunAt: row.next_run_at?.toISOString() ?? null,
    lastRunAt: row.last_run_at?.toISOString() ?? null,
    lastSuccessAt,
    isOverdue: row.schedule !== null && !row.paused && isOverdue(row, lastSuccess, ctx.now()),
  };
}

/** The run that should have succeeded: the last one asked for, or one that nobody asks for although it is due. */
function isOverdue(row: BackupPolicyRow, lastSuccess: Date | null, now: Date): boolean {
  const late = (run: Date | null) =>
    run !== null && now.getTime() - run.getTime() > GRACE_MS && (lastSuccess === null || lastSuccess < run);
  return late(row.last_run_at) || late(row.next_run_at);
}
