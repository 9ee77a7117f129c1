import { endCheck, findBackup, requestCheck } from "@/db/queries/backups";
import { advanceJob, createJob } from "@/db/queries/jobs";
import type { Backup, CheckBackup } from "@/lib/contracts/backups";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { checkRequested } from "@/lib/services/backups/events";
import { getBackup } from "@/lib/services/backups/get-backup";
import { checkKeyPlace } from "@/lib/services/backups/header";
import { fileKeyFrom, isStored } from "@/lib/services/backups/open-file";
import { seal } from "@/lib/services/backups/sealing";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Asks for a backup to be read again from its first byte to its last; a durable function does it. A backup that only its
 * owner can open is decrypted when they give its key, and compared byte by byte with what was stored otherwise.
 * @throws AppError `wrong-key` at once
 */
export async function checkBackup(ctx: ServiceContext, id: string, given: CheckBackup): Promise<Backup> {
  const row = await findBackup(ctx.db.sql, id, ctx.ownerId);
  if (!row || row.deleted_at) throw new NotFoundError("backup");
  if (!isStored(row))
    throw new ConflictError("backup-without-file", "There is no file of this backup to verify.");
  const fileKey = await fileKeyFrom(ctx, row, given);
  const jobId = newId();
  await ctx.db.sql.begin(async (tx) => {
    await createJob(tx, {
      id: jobId,
      ownerId: ctx.ownerId,
      kind: "backup",
      action: "verify",
      subjectId: id,
      title: "Verification of a backup",
    });
    await requestCheck(tx, id, { jobId, sealedFileKey: fileKey ? seal(fileKey, checkKeyPlace(id)) : null });
  });
  fileKey?.fill(0);
  try {
    await ctx.sendEvents([checkRequested({ backupId: id, jobId, ownerId: ctx.ownerId })]);
  } catch (error) {
    await ctx.db.sql.begin(async (tx) => {
      await endCheck(tx, id, jobId, null, ctx.now());
      await advanceJob(tx, jobId, { event: "failed", state: "failed" });
    });
    throw error;
  }
  return getBackup(ctx, id);
}
