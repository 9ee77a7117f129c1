import type { Sql } from "@/db/client";
import { backupViolations } from "../backups/checks";
import { violations, type Content } from "../content";

/** What must hold of an account's restores whenever nothing is at work: each violation in words. */
export async function restoreViolations(sql: Sql, ownerId: string): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select 'a restore is left ' || state as line from restores where owner_id = ${ownerId}
      and state not in ('completed', 'completed_with_errors', 'failed', 'rolled_back', 'cancelled', 'undone')
    union all
    select 'a restore keeps a key that was given for one use' from restores
      where owner_id = ${ownerId} and sealed_file_keys is not null
    union all
    select 'a restore’s function is left running' from engine.run r join engine.event e on e.id = r.event_id
      join restores o on o.id::text = e.payload -> 'data' ->> 'restoreId'
      where o.owner_id = ${ownerId} and r.status = 'running'
    union all
    select 'staged rows are left of a restore that is ' || o.state from restores o
      join imports i on i.restore_id = o.id
      join pg_tables t on t.schemaname = 'staging' and t.tablename like '%\\_' || replace(i.id::text, '-', '')
      where o.owner_id = ${ownerId} and o.state in ('failed', 'rolled_back', 'cancelled', 'expired')
    union all
    select 'a schema of a trial is left: ' || nspname from pg_namespace where nspname like 'drill%'
    union all
    select 'a restore says that its safety backup is ' || (o.safety ->> 'state') || ', which is '
        || coalesce(b.state, 'not there')
      from restores o left join backups b on b.id::text = o.safety ->> 'backupId'
      where o.owner_id = ${ownerId} and o.safety ->> 'state' = 'made' and b.state is distinct from 'completed'
    union all
    select 'a restore that changed something has no safety backup: ' || (safety ->> 'state') from restores
      where owner_id = ${ownerId} and state in ('completed', 'completed_with_errors', 'rolled_back', 'undone')
        and safety ->> 'state' <> 'made'`;
  const found = rows.map(({ line }) => line);
  found.push(...(await violations(sql, ownerId)), ...(await backupViolations(sql, ownerId)));
  return [...new Set(found)];
}

/** The data alone: versions tell what records have been through, which an undo adds to. */
export function dataOf({ lines }: Content): string {
  return lines
    .map((line) => {
      const parts = JSON.parse(line) as unknown[];
      const isCollection = typeof parts.at(-1) === "number";
      return JSON.stringify(isCollection ? parts : [parts[1], parts.at(-1)]);
    })
    .sort()
    .join("\n");
}
