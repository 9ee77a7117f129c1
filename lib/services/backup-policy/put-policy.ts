import { saveBackupPolicy } from "@/db/queries/backup-policies";
import type { BackupPolicy, BackupPolicyInput } from "@/lib/contracts/backup-policy";
import { getPolicy } from "@/lib/services/backup-policy/get-policy";
import { nextRun } from "@/lib/services/backup-policy/timing";
import { checkRecipients } from "@/lib/services/backups/header";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Sets the user's policy. A new schedule, and one whose pause is over, begins with its next moment: nothing is caught up
 * with.
 */
export async function putPolicy(ctx: ServiceContext, input: BackupPolicyInput): Promise<BackupPolicy> {
  await checkRecipients(input.encryption);
  const running = input.paused ? null : input.schedule;
  await saveBackupPolicy(ctx.db.sql, {
    owner_id: ctx.ownerId,
    schedule: input.schedule,
    paused: input.paused,
    retention: input.retention,
    full_every: input.fullEvery,
    encryption: input.encryption,
    next_run_at: running && nextRun(running, ctx.ownerId, ctx.now()),
  });
  return getPolicy(ctx);
}
