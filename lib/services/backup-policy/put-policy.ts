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
  const isOn = input.schedule !== null && !input.paused;
  await saveBackupPolicy(ctx.db.sql, {
    owner_id: ctx.ownerId,
    schedule: input.schedule,
    paused: input.paused,
    retention: input.retention,
    full_every: input.fullEvery,
    encryption: input.encryption,
    next_run_at: isOn ? nextRun(input.schedule, ctx.ownerId, ctx.now()) : null,
  });
  return getPolicy(ctx);
}
