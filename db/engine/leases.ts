import type { Sql, SqlTransaction } from "../client";
import { CLAIM_LOCK, inTransaction } from "./transaction";
import type { JobKind, LeasedJob, RunState } from "./types";

const RETURNED = (sql: Sql | SqlTransaction) => sql`
  j.id, j.kind, j.run_id as "runId", j.step_id as "stepId", j.event_id as "eventId", j.key, j.attempt, j.crashes,
  j.due_at as "dueAt", j.token`;

/**
 * Lease the next due job of one of `kinds` whose concurrency keys have room. Nothing is leased for a worker that is
 * no longer registered. A lost lease does no harm, so its commit does not wait for the disk.
 */
export function claimJob(
  sql: Sql,
  options: { workerId: number; leaseSeconds: number; kinds: JobKind[] },
): Promise<LeasedJob | undefined> {
  return inTransaction(sql, async (tx) => {
    await tx`select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(${CLAIM_LOCK})`;
    const [job] = await tx<LeasedJob[]>`
      with busy as materialized (
        select k.key, count(*) as leases
        from engine.job b cross join lateral unnest(b.concurrency_keys) as k(key)
        where b.token is not null
        group by k.key
      ), pick as materialized (
        select j.id from engine.job j
        where j.token is null and j.due_at <= now() and j.kind = any(${options.kinds})
          and exists (select 1 from engine.worker w where w.id = ${options.workerId})
          and (j.kind <> 'discover' or not exists (
            select 1 from engine.job o where o.run_id = j.run_id and o.kind = 'discover' and o.token is not null))
          and (j.concurrency_keys is null or not exists (
            select 1 from unnest(j.concurrency_keys, j.concurrency_limits) as k(key, at_most)
            join busy using (key) where busy.leases >= k.at_most))
        order by j.rank_at, j.due_at, j.id
        limit 1
        for update of j skip locked
      )
      update engine.job j
      set token = gen_random_uuid(), worker_id = ${options.workerId},
          deadline_at = now() + ${options.leaseSeconds} * interval '1 second'
      from pick where j.id = pick.id
      returning ${RETURNED(tx)}`;
    return job;
  });
}

/** Milliseconds until the next job becomes due (0 or less: it is), or null if there is none. Blocked ones do not count. */
export async function nextDueInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms
    from engine.job where token is null and due_at > now()`;
  return row?.ms ?? null;
}

/** What a call of the run's function needs; undefined if the run is gone. */
export async function loadRun(sql: Sql, runId: string): Promise<RunState | undefined> {
  const [run] = await sql<(Omit<RunState, "steps"> & { steps: RunState["steps"] | null })[]>`
    select r.id, r.function_id as "functionId", r.status, r.request_version as "requestVersion", r.seq,
      e.payload as event,
      (select json_agg(json_build_object('id', s.id, 'memo', s.memo) order by s.seq)
       from engine.step s where s.run_id = r.id and s.seq is not null) as steps,
      exists (select 1 from engine.step s where s.run_id = r.id and s.seq is null) as pending
    from engine.run r join engine.event e on e.id = r.event_id
    where r.id = ${runId}`;
  return run && { ...run, steps: run.steps ?? [] };
}

/**
 * Take over leases whose deadline has passed: their step hangs, whether its worker lives or not. The old holder's
 * token is void from here on; the caller reports the failed attempt with the new one.
 */
export function takeOverdueLeases(
  sql: Sql,
  options: { workerId: number; leaseSeconds: number },
): Promise<LeasedJob[]> {
  return inTransaction(sql, async (tx) => {
    const jobs = await tx<LeasedJob[]>`
      with overdue as materialized (
        select id from engine.job where token is not null and deadline_at < now()
        order by deadline_at limit 10 for update skip locked
      )
      update engine.job j
      set token = gen_random_uuid(), worker_id = ${options.workerId},
          deadline_at = now() + ${options.leaseSeconds} * interval '1 second'
      from overdue where j.id = overdue.id
      returning ${RETURNED(tx)}`;
    return [...jobs];
  });
}

/** Give a leased job back as it is, for any worker to take when it is due. Does nothing if the lease is no longer ours. */
export async function releaseLease(sql: Sql, token: string, delaySeconds = 0): Promise<void> {
  await sql`
    update engine.job
    set token = null, worker_id = null, deadline_at = null, due_at = now() + ${delaySeconds} * interval '1 second'
    where token = ${token}`;
}
