import { findBackup } from "@/db/queries/backups";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { isStored } from "@/lib/services/backups/open-file";
import { backupFileName } from "@/lib/services/backups/view";
import type { ServiceContext } from "@/lib/services/context";

/** The file as it is stored, encrypted. @throws ConflictError while there is none */
export async function openDownload(ctx: ServiceContext, backupId: string) {
  const row = await findBackup(ctx.db.sql, backupId, ctx.ownerId);
  if (!row || row.deleted_at) throw new NotFoundError("backup");
  if (!isStored(row)) {
    throw row.state === "pending" || row.state === "processing"
      ? new ConflictError("backup-not-ready", "The backup is still being made.")
      : new ConflictError("backup-without-file", "This backup ended without a file.");
  }
  return {
    fileName: backupFileName(row),
    contentType: "application/age-encryption",
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    finishedAt: row.finished_at ?? row.created_at,
    read: (range: { start: number; end: number }) => ctx.storage.read(row.storage_key, range),
  };
}
