import { findBackup, listBackups as selectBackups } from "@/db/queries/backups";
import type { Backup, ListBackups } from "@/lib/contracts/backups";
import type { Page } from "@/lib/contracts/common";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import { backupView } from "@/lib/services/backups/view";
import type { ServiceContext } from "@/lib/services/context";

/** Also one that is deleted and can still be taken back. */
export async function getBackup(ctx: ServiceContext, id: string): Promise<Backup> {
  const row = await findBackup(ctx.db.sql, id, ctx.ownerId);
  if (!row) throw new NotFoundError("backup");
  return backupView(row);
}

/** The user's backups, newest first. */
export async function listBackups(ctx: ServiceContext, query: ListBackups): Promise<Page<Backup>> {
  if (query.cursor !== undefined && !isUuid(query.cursor)) {
    throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
  }
  const rows = await selectBackups(ctx.db.sql, ctx.ownerId, query);
  const items = rows.slice(0, query.limit).map(backupView);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}
