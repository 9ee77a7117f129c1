import type { Sql } from "@/db/client";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import type { stateOfDatabase } from "@/lib/services/backups/testing";
import { stateOf } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";

const HOURS_MS = 2 * 3_600_000;

/** The records of an account at one moment, by collection and id. */
export type State = Awaited<ReturnType<typeof stateOfDatabase>>;

/** Whether a backup leads to exactly that state; the difference in words. */
export async function leadsTo(ctx: ServiceContext, backupId: string, state: State): Promise<string[]> {
  const found = await stateOf(ctx, backupId);
  const wrong = [...state].filter(
    ([key, record]) => JSON.stringify(found.get(key)) !== JSON.stringify(record),
  );
  const extra = [...found.keys()].filter((key) => !state.has(key));
  if (wrong.length === 0 && extra.length === 0) return [];
  return [`a backup has ${wrong.length} records missing or different, ${extra.length} too many`];
}

/** What must hold of an account's backups whenever nothing is at work: each violation in words. */
export async function backupViolations(sql: Sql, ownerId: string): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select 'a backup is left ' || state as line from backups where owner_id = ${ownerId} and state in ('pending', 'processing')
    union all
    select 'a job is left ' || state || ' in ' || coalesce(phase, 'no phase') from jobs
      where owner_id = ${ownerId} and finished_at is null
    union all
    select 'job events have a gap' from jobs j where owner_id = ${ownerId}
      and event_seq <> (select count(*) from job_events e where e.job_id = j.id)
    union all
    select 'a function is left running' from engine.run r join engine.event e on e.id = r.event_id
      where e.payload -> 'data' ->> 'ownerId' = ${ownerId} and r.status = 'running'
    union all
    select 'a key is kept that was given for one use' from backups where owner_id = ${ownerId}
      and (sealed_file_key is not null or (check_sealed_file_key is not null))
    union all
    select 'a chain is broken' from backups b left join backups p on p.id = b.parent_id
      where b.owner_id = ${ownerId} and b.state = 'completed' and b.deleted_at is null and b.kind = 'incremental'
        and (p.id is null or p.state <> 'completed' or p.deleted_at is not null)`;
  return rows.map((row) => row.line);
}

/** After the hourly clean-up the store holds the files of the complete backups, and nothing else. */
export async function orphans(ctx: ServiceContext): Promise<string[]> {
  const later = new Date(Date.now() + HOURS_MS);
  await removeDeletedBackups({ ...ctx, now: () => later });
  await ctx.storage.removeDrafts(later);
  const rows = await ctx.db.sql<{ key: string }[]>`
    select storage_key as key from backups where state = 'completed' and storage_key is not null`;
  const expected = new Set(rows.map(({ key }) => key));
  const found: string[] = [];
  for await (const key of ctx.storage.list("backups/"))
    if (!expected.delete(key)) found.push(`${key} is an orphan`);
  return [...found, ...[...expected].map((key) => `${key} is missing`)];
}
