/**
 * What the hourly functions do, as a process that can be killed: marks what the policies do not keep as deleted, then
 * removes it as if its days had passed.
 */
import { systemContext } from "@/lib/composition/context";
import { applyRetention } from "@/lib/services/backup-policy/apply-retention";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";

const DAYS_MS = 8 * 86_400_000;

const ctx = systemContext();
process.stdout.write("ready\n");
try {
  await applyRetention(ctx);
  await removeDeletedBackups({ ...ctx, now: () => new Date(Date.now() + DAYS_MS) });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
