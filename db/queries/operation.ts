import type { Sql } from "@/db/client";
import { WORKER_LOCK_CLASS } from "@/db/engine/transaction";

/** Workers of the embedded engine whose session is alive: it holds the advisory lock of its id. */
export async function countLivingWorkers(sql: Sql): Promise<number> {
  const [row] = await sql<{ living: number }[]>`
    select count(*)::int as living from engine.worker w
    where exists (select 1 from pg_locks l
      where l.locktype = 'advisory' and l.granted and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())
        and l.classid = ${WORKER_LOCK_CLASS}::oid and l.objid = w.id::oid)`;
  return row?.living ?? 0;
}

export interface OperationCounts {
  users: number;
  collections: number;
  records: number;
  jobs: { kind: string; state: string; count: number }[];
  queue: { due: number; leased: number; oldestSeconds: number };
}

/** Figures over all users; cheap at any size: nothing counts records one by one. */
export async function operationCounts(sql: Sql): Promise<OperationCounts> {
  const [[totals], jobs, [queue]] = await Promise.all([
    sql<{ users: number; collections: number; records: number }[]>`
      select (select count(*) from users)::float8 as users, count(*)::float8 as collections,
        coalesce(sum(record_count), 0)::float8 as records from collections`,
    sql<{ kind: string; state: string; count: number }[]>`
      select kind, state, count(*)::float8 as count from jobs group by kind, state order by kind, state`,
    sql<{ due: number; leased: number; oldestSeconds: number }[]>`
      select count(*) filter (where token is null and due_at <= now())::int as due,
        count(*) filter (where token is not null)::int as leased,
        coalesce(extract(epoch from now() - min(due_at) filter (where token is null and due_at <= now())), 0)::float8
          as "oldestSeconds"
      from engine.job`,
  ]);
  return { ...totals!, jobs: [...jobs], queue: queue! };
}
