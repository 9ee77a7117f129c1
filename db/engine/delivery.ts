import type { Sql } from "../client";
import { takeJob, type Applied } from "./progress";
import { endRun, insertRuns, type Announcement } from "./runs";
import { completeStep } from "./steps";
import { inTransaction } from "./transaction";
import type { EngineEvent, NewRun } from "./types";

/** A run that listens for an event's name: with a step it waits, without one it is to be cancelled. */
export interface Listener {
  waitId: string;
  runId: string;
  functionId: string;
  stepId: string | null;
  expression: string | null;
  /** The event that triggered the run: `event` in the expression. */
  event: EngineEvent;
}

export interface DeliveryPlan {
  runs: NewRun[];
  /** Waits that the event satisfies. */
  met: Listener[];
  /** Runs that the event cancels. */
  cancelled: { runId: string; announcements: Announcement[] }[];
}

/** Deliver one event: start runs, wake waiting ones, cancel others, in one transaction with the end of the job. */
export function deliverEvent(
  sql: Sql,
  token: string,
  plan: (event: EngineEvent, rowId: string, listeners: Listener[]) => DeliveryPlan,
): Promise<Applied> {
  return inTransaction(sql, async (tx) => {
    const job = await takeJob(tx, token);
    if (!job?.eventId) return "stale";
    const [row] = await tx<{ name: string; payload: EngineEvent }[]>`
      select name, payload from engine.event where id = ${job.eventId}`;
    if (!row) return "stale";
    const listeners = await tx<Listener[]>`
      select w.id as "waitId", w.run_id as "runId", r.function_id as "functionId", w.step_id as "stepId",
        w.expression, e.payload as event
      from engine.wait w
      join engine.run r on r.id = w.run_id and r.status = 'running'
      join engine.event e on e.id = r.event_id
      where w.event_name = ${row.name} and (w.expires_at is null or w.expires_at > now())
      order by w.run_id`;
    const { runs, met, cancelled } = plan(row.payload, job.eventId, [...listeners]);
    for (const { runId, announcements } of cancelled) {
      const error = { name: "Error", message: `The run was cancelled by the event ${row.name}` };
      await endRun(tx, {
        runId,
        status: "cancelled",
        output: { error },
        answer: { type: "error", error },
        announcements,
      });
    }
    for (const { runId, stepId } of met) {
      if (stepId !== null) await completeStep(tx, runId, stepId, { type: "data", data: row.payload });
    }
    await insertRuns(tx, runs);
    return "applied";
  });
}

/** A tick to come. `key` names function, expression and moment. */
export interface CronTick {
  key: string;
  dueAt: Date;
}

/** Queue ticks; one that is queued already stays as it is, so that all workers may call this. */
export async function armTicks(sql: Sql, ticks: CronTick[]): Promise<void> {
  for (const { key, dueAt } of ticks) {
    await sql`insert into engine.job (kind, key, due_at, rank_at) values ('cron', ${key}, ${dueAt}, ${dueAt})
              on conflict on constraint job_key_unique do nothing`;
  }
}

/** Act on a tick: its run, if the function still wants it, and the next tick. */
export function fireTick(sql: Sql, token: string, fire: { run?: NewRun; next?: CronTick }): Promise<Applied> {
  return inTransaction(sql, async (tx) => {
    if (!(await takeJob(tx, token))) return "stale";
    if (fire.run) await insertRuns(tx, [fire.run]);
    if (fire.next) {
      await tx`insert into engine.job (kind, key, due_at, rank_at)
               values ('cron', ${fire.next.key}, ${fire.next.dueAt}, ${fire.next.dueAt})
               on conflict on constraint job_key_unique do nothing`;
    }
    return "applied";
  });
}
