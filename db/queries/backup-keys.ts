import type { AnySql } from "@/db/client";

export interface BackupKeyRow {
  id: string;
  owner_id: string;
  recipient: string;
  sealed_identity: Buffer;
  created_at: Date;
  retired_at: Date | null;
}

/** A user's keys, newest first; the first is the present one unless it is retired. */
export async function listBackupKeys(sql: AnySql, ownerId: string): Promise<BackupKeyRow[]> {
  return sql<
    BackupKeyRow[]
  >`select * from backup_keys where owner_id = ${ownerId} order by created_at desc, id desc`;
}

export async function findPresentKey(sql: AnySql, ownerId: string): Promise<BackupKeyRow | undefined> {
  const [row] = await sql<BackupKeyRow[]>`
    select * from backup_keys where owner_id = ${ownerId} and retired_at is null`;
  return row;
}

/** Does nothing when there is a present key already. */
export async function insertBackupKey(
  sql: AnySql,
  row: Pick<BackupKeyRow, "id" | "owner_id" | "recipient" | "sealed_identity">,
): Promise<void> {
  await sql`
    insert into backup_keys (id, owner_id, recipient, sealed_identity)
    values (${row.id}, ${row.owner_id}, ${row.recipient}, ${row.sealed_identity})
    on conflict (owner_id) where retired_at is null do nothing`;
}

export async function retirePresentKey(sql: AnySql, ownerId: string): Promise<void> {
  await sql`
    update backup_keys set retired_at = clock_timestamp() where owner_id = ${ownerId} and retired_at is null`;
}

/** How many backups with a file each key opens, by the key's id. */
export async function countBackupsByKey(sql: AnySql, ownerId: string): Promise<Map<string, number>> {
  const rows = await sql<{ key_id: string; count: number }[]>`
    select key_id, count(*)::int as count from backups
    where owner_id = ${ownerId} and key_id is not null and state = 'completed' group by key_id`;
  return new Map(rows.map((row) => [row.key_id, row.count]));
}
