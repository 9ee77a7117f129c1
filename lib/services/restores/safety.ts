import { findBackup, type BackupRow } from "@/db/queries/backups";
import { findJob } from "@/db/queries/job-lists";
import { advanceOpenJob } from "@/db/queries/jobs";
import { findRestore, patchRestore, type RestoreRow } from "@/db/queries/restores";
import type { SafetySnapshot } from "@/db/schema";
import { AppError } from "@/lib/platform/errors";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { SystemContext } from "@/lib/services/context";

/** Where the safety backup lies in the whole, in per cent; the plan comes before it, the writing after. */
export const SAVING_RANGE: [number, number] = [45, 50];

/**
 * Asks for a backup of today before anything changes, and says where it stands. `failed`: nothing was changed, and the
 * restore is to wait for a word again (`openPlan`).
 */
export async function saveFirst(
  ctx: SystemContext,
  restoreId: string,
): Promise<{ outcome: "making" | "done" | "failed" }> {
  const row = await findRestore(ctx.db, restoreId);
  // A word that came late, or twice: its person has not said it of the plan that waits now.
  if (row?.state === "ready") return { outcome: "failed" };
  if (row?.state !== "saving" || row.safety.state === "overridden") return { outcome: "done" };
  if (row.safety.backupId === null) return await begin(ctx, row);
  const backup = await findBackup(ctx.db.sql, row.safety.backupId);
  if (backup?.state === "completed") {
    await keep(ctx, row, { ...row.safety, state: "made" });
    await tellProgress(ctx, row, backup);
    return { outcome: "done" };
  }
  if (backup?.state === "pending" || backup?.state === "processing") {
    await tellProgress(ctx, row, backup);
    return { outcome: "making" };
  }
  return await giveUp(ctx, row, backup?.failure ?? { code: "cancelled", message: "It was cancelled." });
}

/** What the backup's own job counts, people see at the restore as well: it is what they wait for. */
async function tellProgress(ctx: SystemContext, row: RestoreRow, backup: BackupRow): Promise<void> {
  const { total, processed } = await countsOf(ctx, backup);
  // Before and after its records it counts nothing: then what was told last stands.
  if (total === null) return;
  await ctx.db.sql.begin(async (tx) => {
    // Who hung meanwhile must not say it of a restore that waits for its person again.
    const [saving] = await tx`select from restores where id = ${row.id} and state = 'saving' for share`;
    if (!saving) return;
    const phase = { name: "saving", total };
    await advanceOpenJob(tx, row.jobId, { event: "progress", phase, processed, range: SAVING_RANGE });
  });
}

async function countsOf(
  ctx: SystemContext,
  backup: BackupRow,
): Promise<{ total: number | null; processed: number }> {
  if (backup.counts) return { total: backup.counts.records, processed: backup.counts.records };
  const found = await findJob(ctx.db.sql, backup.job_id, backup.owner_id);
  return found?.job.counts ?? { total: null, processed: 0 };
}

async function begin(ctx: SystemContext, row: RestoreRow): Promise<{ outcome: "making" | "failed" }> {
  try {
    const owner = { ...ctx, ownerId: row.ownerId };
    const asked = { type: "incremental" as const, encryption: { mode: "server" as const } };
    const { id } = await createBackup(owner, asked, { reason: "safety" });
    await keep(ctx, row, { ...row.safety, backupId: id });
    return { outcome: "making" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return await giveUp(ctx, row, { code: error.code, message: error.message });
  }
}

async function giveUp(
  ctx: SystemContext,
  row: RestoreRow,
  failure: { code: string; message: string },
): Promise<{ outcome: "failed" }> {
  const message = `The safety snapshot could not be made: ${failure.message} Nothing was changed. Try again, or restore without it and say why.`;
  await patchRestore(
    ctx.db,
    row.id,
    {
      safety: { state: "failed", backupId: row.safety.backupId, failure, reason: null },
      failure: { code: "safety-failed", message },
      startedAt: null,
    },
    ["saving"],
  );
  return { outcome: "failed" };
}

async function keep(ctx: SystemContext, row: RestoreRow, safety: SafetySnapshot): Promise<void> {
  await patchRestore(ctx.db, row.id, { safety }, ["saving"]);
}
