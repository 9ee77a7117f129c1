import type { AnySql } from "@/db/client";

export interface StoredUse {
  kind: "uploads" | "exports" | "backups";
  count: number;
  sizeBytes: number;
}

/** What a user has stored, by kind. An unfinished upload counts with the parts that Ferry has received. */
export async function storedUse(sql: AnySql, ownerId: string): Promise<StoredUse[]> {
  return sql<StoredUse[]>`
    select 'uploads' as kind, count(distinct u.id)::int as count, coalesce(sum(p.size_bytes), 0)::float8 as "sizeBytes"
    from uploads u left join upload_parts p on p.upload_id = u.id
    where u.owner_id = ${ownerId} and u.state <> 'aborted'
    union all
    select 'exports', count(*)::int, coalesce(sum(size_bytes), 0)::float8
    from exports where owner_id = ${ownerId} and storage_key is not null
    union all
    select 'backups', count(*)::int, coalesce(sum(size_bytes), 0)::float8
    from backups where owner_id = ${ownerId} and storage_key is not null`;
}
