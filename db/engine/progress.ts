import type { Sql, SqlTransaction } from "../client";
import { endRun, insertRuns, type Announcement } from "./runs";
import { completeStep, discoverWhenReady, saveMemos } from "./steps";
import { inTransaction } from "./transaction";
import type { FinishedStep, Json, JobKind, Memo, PlannedStep } from "./types";

/**
 * What became of applying a report. `stale`: the lease was not the caller's any more and nothing was changed.
 * `stuck`: nothing is pending or queued, so that the run would never go on (and nothing was changed).
 */
export type Applied = "applied" | "stale" | "stuck";

class Stuck extends Error {}

/** A call's answer that lets the run go on: memos, the lease's release and what comes next in one transaction. */
export async function applyProgress(
  sql: Sql,
  progress: {
    token: string;
    requestVersion: number;
    /** `seq` of the state that the call was given. */
    seenSeq: number;
    finished: FinishedStep[];
    planned: PlannedStep[];
    rediscover: boolean;
  },
): Promise<Applied> {
  try {
    return await inTransaction(sql, async (tx) => {
      const job = await takeJob(tx, progress.token);
      if (!job?.runId) return "stale";
      const runId = job.runId;
      const [run] = await tx<{ seq: number }[]>`
        update engine.run set request_version = ${progress.requestVersion}
        where id = ${runId} and status = 'running' returning seq`;
      if (!run) return "applied";
      const { race } = await saveMemos(tx, runId, progress.finished);
      for (const step of progress.planned) await planStep(tx, runId, step);
      // A racing step that ended while this call ran may have found the call's job still queued, and queued no other.
      const isOutdated = run.seq !== progress.seenSeq;
      const moved = progress.finished.length > 0 || progress.rediscover || isOutdated;
      if (moved)
        await discoverWhenReady(tx, runId, race || progress.rediscover || progress.requestVersion === 1);
      else if (await isStuck(tx, runId)) throw new Stuck();
      return "applied";
    });
  } catch (error) {
    if (error instanceof Stuck) return "stuck";
    throw error;
  }
}

async function planStep(tx: SqlTransaction, runId: string, step: PlannedStep): Promise<void> {
  const [inserted] = await tx`
    insert into engine.step (run_id, id, op, name, race)
    values (${runId}, ${step.id}, ${step.op}, ${step.name}, ${step.race})
    on conflict (run_id, id) do nothing returning 1`;
  // Racing steps are reported again by every call that finds them; the first report counts.
  if (!inserted) return;
  switch (step.kind) {
    case "step":
      await tx`
        insert into engine.job (kind, run_id, step_id, rank_at, concurrency_keys, concurrency_limits)
        select 'step', id, ${step.id}, rank_at, concurrency_keys, concurrency_limits
        from engine.run where id = ${runId}`;
      return;
    case "sleep":
      await wakeAt(tx, runId, step.id, step.until);
      return;
    case "waitForEvent":
      await tx`insert into engine.wait (run_id, step_id, event_name, expression, expires_at)
               values (${runId}, ${step.id}, ${step.eventName}, ${step.expression}, ${step.until})`;
      await wakeAt(tx, runId, step.id, step.until);
      return;
    case "invoke":
      await insertRuns(tx, [step.child]);
      if (step.until) await wakeAt(tx, runId, step.id, step.until);
  }
}

async function wakeAt(tx: SqlTransaction, runId: string, stepId: string, dueAt: Date): Promise<void> {
  await tx`insert into engine.job (kind, run_id, step_id, due_at) values ('wake', ${runId}, ${stepId}, ${dueAt})`;
}

async function isStuck(tx: SqlTransaction, runId: string): Promise<boolean> {
  const [alive] = await tx`
    select 1 from engine.step where run_id = ${runId} and seq is null
    union all select 1 from engine.job where run_id = ${runId} limit 1`;
  return alive === undefined;
}

/** A call's answer that ends the run. */
export function applyEnd(
  sql: Sql,
  end: {
    token: string;
    status: "completed" | "failed";
    output: Json;
    answer: Memo;
    announcements: Announcement[];
    finished: FinishedStep[];
  },
): Promise<Applied> {
  return inTransaction(sql, async (tx) => {
    const job = await takeJob(tx, end.token);
    if (!job?.runId) return "stale";
    await tx`select 1 from engine.run where id = ${job.runId} for no key update`;
    await saveMemos(tx, job.runId, end.finished);
    await endRun(tx, { ...end, runId: job.runId });
    return "applied";
  });
}

/** A failed attempt that is to be repeated: the lease is released and the job becomes due again later. */
export async function applyRetry(
  sql: Sql,
  retry: { token: string; attempt: number; delayMs: number; requestVersion: number },
): Promise<Applied> {
  const [job] = await sql`
    with lease as (
      update engine.job
      set token = null, worker_id = null, deadline_at = null, attempt = ${retry.attempt}, crashes = 0,
          due_at = now() + ${retry.delayMs} * interval '1 millisecond'
      where token = ${retry.token}
      returning run_id
    ), version as (
      update engine.run r set request_version = ${retry.requestVersion} from lease where r.id = lease.run_id
    )
    select 1 from lease`;
  return job ? "applied" : "stale";
}

/** The end of a sleep, or of a wait or invocation that timed out. `memoOf` gets the op of the step. */
export function applyWake(sql: Sql, token: string, memoOf: (op: string) => Memo): Promise<Applied> {
  return inTransaction(sql, async (tx) => {
    const job = await takeJob(tx, token);
    if (!job?.runId || job.stepId === null) return "stale";
    const [step] = await tx<{ op: string }[]>`
      select op from engine.step where run_id = ${job.runId} and id = ${job.stepId}`;
    if (step) await completeStep(tx, job.runId, job.stepId, memoOf(step.op));
    return "applied";
  });
}

interface TakenJob {
  kind: JobKind;
  runId: string | null;
  stepId: string | null;
  eventId: string | null;
}

/** Remove the leased job; undefined if the token is void. */
export async function takeJob(tx: SqlTransaction, token: string): Promise<TakenJob | undefined> {
  const [job] = await tx<TakenJob[]>`
    delete from engine.job where token = ${token}
    returning kind, run_id as "runId", step_id as "stepId", event_id as "eventId"`;
  return job;
}
