import { findRetainedBackups, type RetainedBackup } from "@/db/queries/backup-policies";
import type { BackupPolicyInput, RetentionPreview } from "@/lib/contracts/backup-policy";
import { planBackups, reasonText } from "@/lib/services/backup-policy/plan";
import { nextRun } from "@/lib/services/backup-policy/timing";
import type { ServiceContext } from "@/lib/services/context";

const RUNS_SHOWN = 5;

/** What a policy would keep of today's backups, and why, and what it would remove. Changes nothing. */
export async function previewPolicy(
  ctx: ServiceContext,
  input: BackupPolicyInput,
): Promise<RetentionPreview> {
  const backups = await findRetainedBackups(ctx.db.sql, ctx.ownerId);
  const { kept, removed } = planBackups(backups, input, ctx.now());
  const nextRuns: string[] = [];
  for (let at = ctx.now(); input.schedule && !input.paused && nextRuns.length < RUNS_SHOWN;) {
    at = nextRun(input.schedule, ctx.ownerId, at);
    nextRuns.push(at.toISOString());
  }
  return {
    keep: kept.map(({ backup, reasons }) => ({
      ...listed(backup),
      reasons: reasons.map((reason) => ({ rule: reason.rule, text: reasonText(reason, input) })),
    })),
    remove: removed.map(listed),
    removeBytes: removed.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    nextRuns,
  };
}

function listed({ id, kind, madeAt, sizeBytes }: RetainedBackup) {
  return { id, type: kind, madeAt: madeAt.toISOString(), size: sizeBytes };
}
