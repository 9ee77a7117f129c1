import { storedBackupBytes, storedUse } from "@/db/queries/storage-use";
import { STORED_KINDS, type StorageInfo } from "@/lib/contracts/storage";
import { env } from "@/lib/platform/env";
import { backupQuotaBytes } from "@/lib/services/backups/room";
import type { ServiceContext } from "@/lib/services/context";

const usedOfQuota = ({ db, ownerId }: ServiceContext) =>
  storedBackupBytes(db.sql, ownerId, { safety: false });

/** Where files rest, and how much of it is the user's. */
export async function describeStorage(ctx: ServiceContext): Promise<StorageInfo> {
  const use = await storedUse(ctx.db.sql, ctx.ownerId);
  const maxBytes = backupQuotaBytes();
  return {
    kind: /^s3:/i.test(env().storageUrl) ? "s3" : "disk",
    directUploads: ctx.storage.incoming !== undefined,
    use: use.sort((a, b) => STORED_KINDS.indexOf(a.kind) - STORED_KINDS.indexOf(b.kind)),
    backupQuota: maxBytes === null ? null : { maxBytes, usedBytes: await usedOfQuota(ctx) },
  };
}
