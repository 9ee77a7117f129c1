import type { Sql, SqlTransaction } from "../client";
import type { FinishedStep, Memo } from "./types";

/**
 * Save steps that finished within a call that goes on, and renew its lease: one statement, on its own a transaction.
 * Progress resets the count of failed attempts.
 * @returns false if the lease is no longer the caller's or the run has ended: the call must stop
 */
export async function saveCheckpoint(
  sql: Sql,
  input: { token: string; runId: string; steps: FinishedStep[]; leaseSeconds: number },
): Promise<boolean> {
  const [saved] = await sql`
    with lease as (
      update engine.job
      set attempt = 0, crashes = 0, deadline_at = now() + ${input.leaseSeconds} * interval '1 second'
      where token = ${input.token} and run_id = ${input.runId}
      returning run_id
    ), run as (
      update engine.run r set seq = r.seq + ${input.steps.length}
      from lease where r.id = lease.run_id and r.status = 'running'
      returning r.id, r.seq
    ), memos as (
      insert into engine.step (run_id, id, op, name, memo, seq)
      select run.id, s.id, s.op, s.name, s.memo::json, run.seq - ${input.steps.length} + s."order"
      from run cross join json_to_recordset(${numbered(input.steps)}::text::json)
        as s("order" int, id text, op text, name text, memo text)
      on conflict (run_id, id) do update set memo = excluded.memo, seq = excluded.seq where engine.step.seq is null
    )
    select 1 from run`;
  return saved !== undefined;
}

/** Save steps that finished in the call whose answer is being applied. The run's row must be locked by `tx`. */
export async function saveMemos(
  tx: SqlTransaction,
  runId: string,
  steps: FinishedStep[],
): Promise<{ race: boolean }> {
  if (steps.length === 0) return { race: false };
  const [run] = await tx<{ seq: number }[]>`
    update engine.run set seq = seq + ${steps.length} where id = ${runId} returning seq - ${steps.length} as seq`;
  const saved = await tx<{ race: boolean }[]>`
    insert into engine.step (run_id, id, op, name, memo, seq)
    select ${runId}, s.id, s.op, s.name, s.memo::json, ${run!.seq}::int + s."order"
    from json_to_recordset(${numbered(steps)}::text::json) as s("order" int, id text, op text, name text, memo text)
    on conflict (run_id, id) do update set memo = excluded.memo, seq = excluded.seq where engine.step.seq is null
    returning race`;
  return { race: saved.some((step) => step.race) };
}

/**
 * End one pending step of a run that may wait for others: memo, its wait and timer, and the next call if it is time.
 * Does nothing if the run has ended or the step is done: the first end counts.
 */
export async function completeStep(
  tx: SqlTransaction,
  runId: string,
  stepId: string,
  memo: Memo,
): Promise<void> {
  const [run] = await tx<{ seq: number; requestVersion: number }[]>`
    update engine.run set seq = seq + 1 where id = ${runId} and status = 'running'
    returning seq, request_version as "requestVersion"`;
  if (!run) return;
  const [step] = await tx<{ race: boolean }[]>`
    update engine.step set memo = ${JSON.stringify(memo)}::text::json, seq = ${run.seq}
    where run_id = ${runId} and id = ${stepId} and seq is null
    returning race`;
  if (!step) return;
  await Promise.all([
    tx`delete from engine.wait where run_id = ${runId} and step_id = ${stepId}`,
    tx`delete from engine.job where run_id = ${runId} and step_id = ${stepId} and token is null`,
    discoverWhenReady(tx, runId, step.race || run.requestVersion === 1),
  ]);
}

/**
 * Queue the next call of a run's function, once, as soon as none of its steps is pending. Racing steps are not waited
 * for, and the end of each counts (`race`).
 */
export async function discoverWhenReady(tx: SqlTransaction, runId: string, race: boolean): Promise<void> {
  await tx`
    insert into engine.job (kind, run_id, rank_at, concurrency_keys, concurrency_limits)
    select 'discover', r.id, r.rank_at, r.concurrency_keys, r.concurrency_limits
    from engine.run r
    where r.id = ${runId}
      and (${race} or not exists (
        select 1 from engine.step s where s.run_id = r.id and s.seq is null and not s.race))
      and not exists (
        select 1 from engine.job j where j.run_id = r.id and j.kind = 'discover' and j.token is null)`;
}

/** The memo goes as text within the text: functions that take JSON apart refuse `\u0000`, a cast does not. */
function numbered(steps: FinishedStep[]): string {
  return JSON.stringify(steps.map((step, i) => ({ ...step, memo: JSON.stringify(step.memo), order: i + 1 })));
}
