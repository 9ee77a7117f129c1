import type { Sql } from "@/db/client";
import { armTicks, deliverEvent, fireTick, type CronTick, type Listener } from "@/db/engine/delivery";
import { applyWake } from "@/db/engine/progress";
import type { EngineEvent, LeasedJob, Memo } from "@/db/engine/types";
import type { Logger } from "@/lib/platform/logger";
import { announcementsOf } from "./announce";
import { nextTick } from "./cron";
import { executeCall } from "./execute-call";
import { holds } from "./expression";
import type { FunctionSpec } from "./function-spec";
import { planRun } from "./plan-run";
import type { Execution } from "./execution";

/** Do one leased job and report it. Rejects only if the report could not be stored: the lease then runs out. */
export async function executeJob(execution: Execution, job: LeasedJob): Promise<void> {
  switch (job.kind) {
    case "discover":
    case "step":
      return executeCall(execution, job);
    case "event":
      return deliver(execution, job);
    case "wake":
      await execution.persist(() => applyWake(execution.sql, job.token, timedOutMemo));
      return;
    case "cron":
      return tick(execution, job);
  }
}

async function deliver({ sql, specs, log, persist }: Execution, job: LeasedJob): Promise<void> {
  await persist(() =>
    deliverEvent(sql, job.token, (event, eventRowId, listeners) => {
      const heard = listeners.filter((one) => isMet(one, event, log));
      return {
        runs: [...specs.values()]
          .filter((spec) =>
            spec.events.some((on) => on.name === event.name && holds(on.expression, { event })),
          )
          .map((spec) => planRun(spec, event, { eventRowId })),
        met: heard.filter((one) => one.stepId !== null),
        cancelled: heard
          .filter((one) => one.stepId === null)
          .map((one) => ({
            runId: one.runId,
            announcements: announcementsOf(
              specs,
              { id: one.runId, functionId: one.functionId, event: one.event },
              {
                status: "cancelled",
                error: { name: "Error", message: `Cancelled by the event ${event.name}` },
              },
            ),
          })),
      };
    }),
  );
}

function isMet(listener: Listener, event: EngineEvent, log: Logger): boolean {
  try {
    return holds(listener.expression, { event: listener.event, async: event });
  } catch (error) {
    // An expression of waitForEvent is known only when the step is; a wrong one must not hold up the event.
    log.warn({ runId: listener.runId, err: error }, "a wait's expression cannot be read");
    return false;
  }
}

/** A sleep and a wait that timed out give null; an invocation that timed out is an error. */
function timedOutMemo(op: string): Memo {
  if (op !== "InvokeFunction") return { type: "data", data: null };
  const message = "Timed out waiting for the invoked function to end";
  return { type: "error", error: { name: "InngestInvokeTimeoutError", message } };
}

/** A tick's key: function, expression and moment, on lines of their own. */
function tickOf(functionId: string, expression: string, dueAt: Date): CronTick {
  return { key: ["cron", functionId, expression, dueAt.toISOString()].join("\n"), dueAt };
}

/** Queue the next tick of every schedule; all workers may do so. */
export async function armSchedules(sql: Sql, specs: ReadonlyMap<string, FunctionSpec>): Promise<void> {
  const now = new Date();
  const ticks: CronTick[] = [];
  for (const spec of specs.values()) {
    for (const { expression, schedule } of spec.crons) {
      const dueAt = nextTick(schedule, now);
      if (dueAt) ticks.push(tickOf(spec.id, expression, dueAt));
    }
  }
  await armTicks(sql, ticks);
}

async function tick({ sql, specs, persist }: Execution, job: LeasedJob): Promise<void> {
  const [, functionId = "", expression = ""] = (job.key ?? "").split("\n");
  const spec = specs.get(functionId);
  const cron = spec?.crons.find((one) => one.expression === expression);
  if (!spec || !cron) {
    // Removed from the code. A worker that still has it has armed its tick when it started.
    await persist(() => fireTick(sql, job.token, {}));
    return;
  }
  const event: EngineEvent = {
    id: job.id,
    name: "inngest/scheduled.timer",
    data: { cron: expression },
    ts: job.dueAt.getTime(),
  };
  const dueAt = nextTick(cron.schedule, new Date(Math.max(Date.now(), job.dueAt.getTime())));
  await persist(() =>
    fireTick(sql, job.token, {
      run: planRun(spec, event, { onceKey: job.key! }),
      ...(dueAt && { next: tickOf(functionId, expression, dueAt) }),
    }),
  );
}
