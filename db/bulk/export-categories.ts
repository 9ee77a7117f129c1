import type { AnySql } from "@/db/client";
import { momentText } from "@/db/bulk/account-categories";

export type CategoryRow = Record<string, string | number | null>;

/** Newest jobs that are told of; older ones are removed after some weeks anyway (JOB_DAYS). */
const JOBS_MAX = 100_000;

/** What the account says of its person, and the matching rules they set. */
export async function accountOf(sql: AnySql, ownerId: string): Promise<CategoryRow[]> {
  return sql<CategoryRow[]>`
    select setting, collection, value from (
      select 1 as place, '' as id, 'name' as setting, null as collection, name as value from users where id = ${ownerId}
      union all select 2, '', 'email', null, email from users where id = ${ownerId}
      union all select 3, '', 'memberSince', null, ${sql.unsafe(momentText("created_at", "MS"))} from users where id = ${ownerId}
      union all select 4, id::text, 'matchingRule', name, matching::text from collections
        where owner_id = ${ownerId} and matching is not null
    ) settings where value is not null order by place, id`;
}

/** What Ferry did for the account, newest first: the notices that its activity page shows. */
export async function activityOf(sql: AnySql, ownerId: string): Promise<CategoryRow[]> {
  return sql<CategoryRow[]>`
    select ${sql.unsafe(momentText("coalesce(finished_at, created_at)", "MS"))} as at, kind, title, state, succeeded, failed, notice
    from jobs where owner_id = ${ownerId} order by id desc limit ${JOBS_MAX}`;
}

/** Figures of each collection. */
export async function figuresOf(sql: AnySql, ownerId: string): Promise<CategoryRow[]> {
  return sql<CategoryRow[]>`
    select c.name as collection, jsonb_array_length(c.fields) as fields, coalesce(r.records, 0) as records,
      coalesce(r.imported, 0) as imported, coalesce(r.records - r.imported, 0) as "byHand",
      ${sql.unsafe(momentText("r.first_at", "MS"))} as "firstRecordAt", ${sql.unsafe(momentText("r.last_at", "MS"))} as "lastChangeAt"
    from collections c left join lateral (
      select count(*)::int8 as records, count(source_import_id)::int8 as imported,
        min(created_at) as first_at, max(updated_at) as last_at
      from records where collection_id = c.id
    ) r on true
    where c.owner_id = ${ownerId} order by c.id`;
}
