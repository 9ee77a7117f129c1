import { markDeleted, unmarkDeleted } from "@/db/queries/backup-removal";
import { findChain, findDependents, lockBackup } from "@/db/queries/backups";
import type { Backup } from "@/lib/contracts/backups";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { getBackup } from "@/lib/services/backups/get-backup";
import type { ServiceContext } from "@/lib/services/context";

/** For so long a deleted backup can be taken back. */
export const UNDELETE_DAYS = 7;

/**
 * Marks a backup as deleted; its file and its row are removed seven days later. One from which others go on is deleted
 * only together with them.
 * @throws ConflictError `backup-in-use` when others need it, `backup-not-finished` while it is being made
 */
export async function deleteBackup(
  ctx: ServiceContext,
  id: string,
  { dependents: withDependents }: { dependents: boolean },
): Promise<Backup> {
  await ctx.db.sql.begin(async (tx) => {
    const row = await lockBackup(tx, id, ctx.ownerId);
    if (!row) throw new NotFoundError("backup");
    const dependents = (await findDependents(tx, id)).filter((one) => one.deleted_at === null);
    if ([row, ...dependents].some(({ state }) => state === "pending" || state === "processing")) {
      throw new ConflictError(
        "backup-not-finished",
        "A backup is still being made here. Cancel its job first, or wait for its end.",
      );
    }
    if (dependents.length > 0 && !withDependents) {
      const many = dependents.length === 1 ? "another backup goes" : `${dependents.length} other backups go`;
      throw new ConflictError(
        "backup-in-use",
        `This backup cannot be deleted alone: ${many} on from it, and could not be restored without it.`,
      );
    }
    const ids = [id, ...dependents.map((one) => one.id)];
    await markDeleted(tx, ids, { deletedAt: ctx.now(), days: UNDELETE_DAYS });
  });
  return getBackup(ctx, id);
}

/**
 * Takes a deleted backup back, and with it those that it goes on from. From then on no policy removes it: only its owner
 * does, by deleting it again.
 */
export async function undeleteBackup(ctx: ServiceContext, id: string): Promise<Backup> {
  await ctx.db.sql.begin(async (tx) => {
    const row = await lockBackup(tx, id, ctx.ownerId);
    if (!row) throw new NotFoundError("backup");
    if (row.remove_at && row.remove_at < ctx.now()) {
      throw new ConflictError("backup-removed", "The time to take this backup back is over.");
    }
    const chain = await findChain(tx, id);
    await unmarkDeleted(
      tx,
      chain.map((one) => one.id),
      { id, at: ctx.now() },
    );
  });
  return getBackup(ctx, id);
}
