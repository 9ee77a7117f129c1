import type { AnySql } from "@/db/client";

/**
 * Marks backups as deleted from `deletedAt` on, for `days` in which they can be taken back. The days count from the
 * newest moment that is known of the user's backups, if that is later: a clock that was set back and is set right again
 * takes none of them away.
 */
export async function markDeleted(
  sql: AnySql,
  ids: readonly string[],
  at: { deletedAt: Date; days: number },
): Promise<void> {
  await sql`
    update backups b set deleted_at = ${at.deletedAt}, kept_by_hand_at = null,
      remove_at = ${at.days} * interval '1 day' + greatest(${at.deletedAt}::timestamptz,
        (select max(greatest(o.created_at, o.finished_at, o.snapshot_at)) from backups o where o.owner_id = b.owner_id))
    where id in ${sql([...ids])} and deleted_at is null`;
}

/** Takes back deleted backups; `byHand` is the one that its owner asked for, which no policy removes again. */
export async function unmarkDeleted(
  sql: AnySql,
  ids: readonly string[],
  byHand: { id: string; at: Date },
): Promise<void> {
  await sql`
    update backups set deleted_at = null, remove_at = null,
      kept_by_hand_at = case when id = ${byHand.id} then ${byHand.at}::timestamptz else kept_by_hand_at end
    where id in ${sql([...ids])} and deleted_at is not null`;
}

/** Keys under which attempts at backups that ended before that moment may have left something, newest last. */
export async function findLeftAttempts(
  sql: AnySql,
  endedBefore: Date,
  limit: number,
): Promise<{ id: string; keys: string[] }[]> {
  return sql<{ id: string; keys: string[] }[]>`
    select id, attempt_keys as keys from backups
    where attempt_keys <> '{}' and state in ('completed', 'failed', 'cancelled') and finished_at < ${endedBefore}
    order by id limit ${limit}`;
}

export async function forgetAttempts(sql: AnySql, id: string): Promise<void> {
  await sql`update backups set attempt_keys = '{}' where id = ${id} and state not in ('pending', 'processing')`;
}

/** Backups whose time to be taken back is over, and from which no other goes on any more; without those of `except`. */
export async function findRemovable(
  sql: AnySql,
  now: Date,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<{ id: string; storageKey: string | null }[]> {
  return sql<{ id: string; storageKey: string | null }[]>`
    select id, storage_key as "storageKey" from backups b
    where remove_at < ${now} and not (id = any(${sql.array([...except])}::uuid[])) and not exists (select from backups c where c.parent_id = b.id)
    order by remove_at limit ${limit}`;
}

/** False when it was taken back meanwhile. */
export async function beginRemoval(sql: AnySql, id: string, now: Date): Promise<boolean> {
  // Nothing can be taken back whose file may be gone already.
  const changed = await sql`
    update backups set state = 'failed', failure = ${sql.json({ code: "removed", message: "This backup is being removed." })}
    where id = ${id} and remove_at < ${now}`;
  return changed.count > 0;
}

export async function deleteBackupRow(sql: AnySql, id: string): Promise<void> {
  await sql`delete from backups where id = ${id}`;
}
