import type { AnySql } from "@/db/client";

export interface StoredUse {
  kind: "full-backups" | "incremental-backups" | "safety-backups" | "exports" | "uploads";
  count: number;
  sizeBytes: number;
}

/**
 * What a user has stored, by kind. An unfinished upload counts with the parts that Ferry has received, a deleted backup
 * until its file is removed.
 */
export async function storedUse(sql: AnySql, ownerId: string): Promise<StoredUse[]> {
  return sql<StoredUse[]>`
    select k.kind, count(b.id)::int as count, coalesce(sum(b.size_bytes), 0)::float8 as "sizeBytes"
    from unnest(array['full-backups', 'incremental-backups', 'safety-backups']) with ordinality k(kind, position)
    left join backups b on b.owner_id = ${ownerId} and b.storage_key is not null
      and k.kind = case when b.reason = 'safety' then 'safety-backups' else b.kind || '-backups' end
    group by k.kind, k.position
    union all
    select 'exports', count(*)::int, coalesce(sum(size_bytes), 0)::float8
    from exports where owner_id = ${ownerId} and storage_key is not null
    union all
    select 'uploads', count(distinct u.id)::int, coalesce(sum(p.size_bytes), 0)::float8
    from uploads u left join upload_parts p on p.upload_id = u.id
    where u.owner_id = ${ownerId} and u.state <> 'aborted'`;
}

/**
 * What a user's backups take up together, either their safety backups or all others: as above, a deleted one until its
 * file is removed.
 */
export async function storedBackupBytes(
  sql: AnySql,
  ownerId: string,
  { safety }: { safety: boolean },
): Promise<number> {
  const [row] = await sql<{ sizeBytes: number }[]>`
    select coalesce(sum(size_bytes), 0)::float8 as "sizeBytes"
    from backups where owner_id = ${ownerId} and storage_key is not null and (reason = 'safety') = ${safety}`;
  return row?.sizeBytes ?? 0;
}
