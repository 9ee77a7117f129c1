import type { BackupSnapshot } from "@/db/bulk/backup-snapshot";
import { findNewestBackup, type BackupRow } from "@/db/queries/backups";
import type { BackupEncryption } from "@/db/schema";
import { decideKind } from "@/lib/core/backups/chain";
import type { SystemContext } from "@/lib/services/context";

/** A backup that another one goes on from. */
export type ParentBackup = BackupRow & { snapshot: string; manifest_sha256: string };

/**
 * What a backup goes on from; undefined when it is a full one: because that was asked for, or since no backup is there
 * that is encrypted alike, whose chain is not at its length, and after which every change and deletion is known.
 */
export async function chooseParent(
  ctx: SystemContext,
  row: BackupRow,
  snapshot: BackupSnapshot,
): Promise<ParentBackup | undefined> {
  const newest = await findNewestBackup(ctx.db.sql, row.owner_id);
  if (!newest || !isGoneOnFrom(newest)) return undefined;
  const end = { backupId: newest.id, manifestSha256: newest.manifest_sha256, position: newest.position };
  if (decideKind(row.kind, end, row.full_every) === "full") return undefined;
  if (!isEncryptedAlike(row, newest)) return undefined;
  const earlier = { snapshot: newest.snapshot, databaseSystem: newest.database_system ?? "" };
  return (await snapshot.canGoOnFrom(row.owner_id, earlier)) ? newest : undefined;
}

function isGoneOnFrom(row: BackupRow): row is ParentBackup {
  return row.snapshot !== null && row.manifest_sha256 !== null;
}

/** Whoever opens the parent must open the child too. Of a passphrase only the request could tell (`parent_id`). */
function isEncryptedAlike(row: BackupRow, parent: BackupRow): boolean {
  if (row.encryption.mode === "passphrase") return row.parent_id === parent.id;
  return audience(row.encryption) === audience(parent.encryption);
}

function audience(encryption: BackupEncryption): string {
  return encryption.mode === "recipients"
    ? `recipients ${[...new Set(encryption.recipients)].sort().join(" ")}`
    : encryption.mode;
}
