import type { Sql, SqlTransaction } from "@/db/client";

/** The class of the locks that ferry_note_deletions() shares; see its migration. */
const DELETIONS_LOCK = 4_620_714;

/**
 * From the commit of this on, every record of the owner that is deleted is noted. It waits for deletions under way: a
 * snapshot taken afterwards has seen whatever was not noted.
 */
export async function trackDeletions(sql: Sql, ownerId: string): Promise<void> {
  const [tracked] = await sql`select from backup_tracking where owner_id = ${ownerId}`;
  if (tracked) return;
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${DELETIONS_LOCK}::int, hashtext(${ownerId}))`;
    await tx`insert into backup_tracking (owner_id) values (${ownerId}) on conflict do nothing`;
  });
}

/** Forgets the deletions that a backup with this snapshot, now complete, has seen: the next one goes on from it. */
export async function forgetDeletions(tx: SqlTransaction, ownerId: string, snapshot: string): Promise<void> {
  await tx`
    update backup_tracking set kept_from = greatest(kept_from, pg_snapshot_xmin(${snapshot}::pg_snapshot))
    where owner_id = ${ownerId}`;
  await tx`
    delete from record_deletions
    where owner_id = ${ownerId} and deleted_xid < pg_snapshot_xmin(${snapshot}::pg_snapshot)`;
}

/**
 * Stops tracking owners who have no backup left to go on from, and forgets the deletions of owners who are not tracked.
 */
export async function stopTrackingIdle(sql: Sql): Promise<void> {
  await sql`
    delete from backup_tracking t where not exists (
      select from backups b where b.owner_id = t.owner_id and b.state in ('pending', 'processing', 'completed'))`;
  await sql`
    delete from record_deletions d where not exists (select from backup_tracking t where t.owner_id = d.owner_id)`;
}
