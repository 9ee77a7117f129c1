import type { SqlTransaction } from "../client";
import { enqueueEvents, type OutgoingEvent } from "./events";
import { completeStep } from "./steps";
import type { Json, Memo, NewRun, RunStatus } from "./types";

/** An event that tells of a run's end. `needed`: some function is triggered by it; else it is sent only if awaited. */
export interface Announcement {
  event: OutgoingEvent;
  needed: boolean;
}

/** Make runs and queue their first calls. A run whose `onceKey` has acted in the last 24 hours is left out. */
export async function insertRuns(tx: SqlTransaction, runs: NewRun[]): Promise<void> {
  for (const run of runs) {
    if (run.onceKey !== undefined && !(await claimOnce(tx, run.onceKey, run.id))) continue;
    const keys = run.concurrency.length > 0 ? run.concurrency.map((c) => c.key) : null;
    const limits = run.concurrency.length > 0 ? run.concurrency.map((c) => c.limit) : null;
    await Promise.all([
      tx`insert into engine.event (id, name, payload)
         values (${eventRowId(run)}, ${run.event.name}, ${JSON.stringify(run.event)}::text::json)
         on conflict (id) do nothing`,
      tx`insert into engine.run
           (id, function_id, event_id, rank_at, concurrency_keys, concurrency_limits, parent_run_id, parent_step_id)
         values (${run.id}, ${run.functionId}, ${eventRowId(run)},
           now() - ${run.prioritySeconds} * interval '1 second', ${keys}, ${limits},
           ${run.parent?.runId ?? null}, ${run.parent?.stepId ?? null})`,
      ...run.cancelOn.map(
        (cancel) => tx`
          insert into engine.wait (run_id, event_name, expression, expires_at)
          values (${run.id}, ${cancel.eventName}, ${cancel.expression}, ${cancel.expiresAt})`,
      ),
      tx`insert into engine.job (kind, run_id, rank_at, concurrency_keys, concurrency_limits)
         select 'discover', id, rank_at, concurrency_keys, concurrency_limits from engine.run where id = ${run.id}`,
    ]);
  }
}

/** The event's row: its own when it was received, else (an invocation, a tick) one of the run's id. */
function eventRowId(run: NewRun): string {
  return run.eventRowId ?? run.id;
}

async function claimOnce(tx: SqlTransaction, key: string, ref: string): Promise<boolean> {
  const claimed = await tx`
    insert into engine.once (key, expires_at, ref) values (${key}, now() + interval '24 hours', ${ref})
    on conflict (key) do update set expires_at = excluded.expires_at, ref = excluded.ref
      where engine.once.expires_at < now()
    returning 1`;
  return claimed.length > 0;
}

/**
 * End a run: nothing of it stays queued or waiting, the run that invoked it goes on with `answer`, the end is
 * announced. Does nothing if it has already ended.
 */
export async function endRun(
  tx: SqlTransaction,
  end: {
    runId: string;
    status: Exclude<RunStatus, "running">;
    output: Json;
    answer: Memo;
    announcements: Announcement[];
  },
): Promise<boolean> {
  const [run] = await tx<{ parentRunId: string | null; parentStepId: string | null }[]>`
    update engine.run
    set status = ${end.status}, output = ${JSON.stringify(end.output ?? null)}::text::json, ended_at = now()
    where id = ${end.runId} and status = 'running'
    returning parent_run_id as "parentRunId", parent_step_id as "parentStepId"`;
  if (!run) return false;
  await Promise.all([
    tx`delete from engine.job where run_id = ${end.runId} and token is null`,
    tx`delete from engine.wait where run_id = ${end.runId}`,
  ]);
  if (run.parentRunId && run.parentStepId)
    await completeStep(tx, run.parentRunId, run.parentStepId, end.answer);
  for (const { event, needed } of end.announcements) {
    if (needed || (await isAwaited(tx, event.name))) await enqueueEvents(tx, [event]);
  }
  return true;
}

async function isAwaited(tx: SqlTransaction, eventName: string): Promise<boolean> {
  const [wait] = await tx`select 1 from engine.wait where event_name = ${eventName} limit 1`;
  return wait !== undefined;
}
