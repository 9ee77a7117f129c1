import { findBackup } from "@/db/queries/backups";
import { findRestore, patchRestore, type RestoreRow } from "@/db/queries/restores";
import type { SafetySnapshot } from "@/db/schema";
import { AppError } from "@/lib/platform/errors";
import { createBackup } from "@/lib/services/backups/create-backup";
import type { SystemContext } from "@/lib/services/context";

/**
 * Asks for a backup of today before anything changes, and says where it stands. `failed`: nothing was changed, and the
 * restore is to wait for a word again (`openPlan`).
 */
export async function saveFirst(
  ctx: SystemContext,
  restoreId: string,
): Promise<{ outcome: "making" | "done" | "failed" }> {
  const row = await findRestore(ctx.db, restoreId);
  if (row?.state !== "saving" || row.safety.state === "overridden") return { outcome: "done" };
  if (row.safety.backupId === null) return await begin(ctx, row);
  const backup = await findBackup(ctx.db.sql, row.safety.backupId);
  if (backup?.state === "completed") {
    await keep(ctx, row, { ...row.safety, state: "made" });
    return { outcome: "done" };
  }
  if (backup?.state === "pending" || backup?.state === "processing") return { outcome: "making" };
  return await giveUp(ctx, row, backup?.failure ?? { code: "cancelled", message: "It was cancelled." });
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
