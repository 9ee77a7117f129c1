import { createHash } from "node:crypto";
import { countBackupsByKey, listBackupKeys } from "@/db/queries/backup-keys";
import type { BackupKeys } from "@/lib/contracts/backup-keys";
import type { ServiceContext } from "@/lib/services/context";

/** The user's keys that the server keeps, newest first: public halves, and how many backups each opens. */
export async function listKeys(ctx: ServiceContext): Promise<BackupKeys> {
  const rows = await listBackupKeys(ctx.db.sql, ctx.ownerId);
  const counts = await countBackupsByKey(ctx.db.sql, ctx.ownerId);
  return {
    items: rows.map((row) => ({
      id: row.id,
      recipient: row.recipient,
      fingerprint: fingerprintOf(row.recipient),
      createdAt: row.created_at.toISOString(),
      retiredAt: row.retired_at?.toISOString() ?? null,
      backups: counts.get(row.id) ?? 0,
    })),
  };
}

/** The same that `printf %s RECIPIENT | sha256sum` begins with, in groups of four. */
function fingerprintOf(recipient: string): string {
  const hex = createHash("sha256").update(recipient).digest("hex").slice(0, 16);
  return hex.replace(/(.{4})(?=.)/g, "$1-");
}
