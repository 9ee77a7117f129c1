import { setTimeout as delay } from "node:timers/promises";
import { connect } from "@/db/client";
import { enqueueEvents } from "@/db/engine/events";
import { freeDeadWorkers, openWorkerSession } from "@/db/engine/workers";
import { releaseLease, takeOverdueLeases } from "@/db/engine/leases";
import { pruneHistory } from "@/db/engine/prune";
import { saveCheckpoint } from "@/db/engine/steps";
import { isShortOfRoom, isUnavailable } from "@/db/engine/transaction";
import type { Logger } from "@/lib/platform/logger";
import type { Inngest, InngestFunction } from "inngest";
import { backoffMs } from "./backoff";
import { Dispatcher } from "./dispatcher";
import { armSchedules } from "./execute";
import type { Execution } from "./execution";
import { failOverdue } from "./execute-call";
import { functionSpec, type FunctionSpec } from "./function-spec";
import { createHandler } from "./handler";
import type { Transport } from "./transport";
import { createWatchdogs } from "./watchdog";

export interface EngineOptions {
  databaseUrl: string;
  /** The client whose `fetch` is that of `transport`. */
  client: Inngest.Any;
  transport: Transport;
  functions: InngestFunction.Like[];
  log: Logger;
  /** Functions called at the same time. */
  slots?: number;
  /** A step that takes longer counts as failed. */
  stepSecondsMax?: number;
  /** Days that ended runs and their events are kept. */
  historyDays?: number;
  /** Replaces the delays after failed attempts (from 0). */
  backoffMs?: (attempt: number) => number;
}

export interface Engine {
  /** Take no more work, let what runs come to the end of its step for `graceMs`, give the rest back. */
  stop(graceMs?: number): Promise<void>;
}

const DEAD_WORKERS_EVERY_MS = 400;
const OVERDUE_EVERY_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Between the local limit on a step and the moment from which others take its lease. */
const LEASE_MARGIN_SECONDS = 10;
const UNAVAILABLE_MS_MAX = 10 * 60_000;

/**
 * Run functions on PostgreSQL, in this process, through the SDK's own handler. Several processes may do so on one
 * database. Resolves when events are taken.
 * @throws UnsupportedFunctionError if a function uses what the engine does not support
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { log, transport } = options;
  const slots = options.slots ?? 4;
  const stepSeconds = options.stepSecondsMax ?? 15 * 60;
  const leaseSeconds = stepSeconds + LEASE_MARGIN_SECONDS;
  const database = connect(options.databaseUrl, { poolSize: slots + 4, applicationName: "ferry-engine" });
  const sql = database.sql;
  const specs = new Map<string, FunctionSpec>();
  const watchdogs = createWatchdogs(stepSeconds * 1_000);
  let registered: unknown[] = [];
  let stopping = false;

  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    const end = Date.now() + UNAVAILABLE_MS_MAX;
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      try {
        return await work();
      } catch (error) {
        // What was done must not be forgotten for want of room either: it would be waited for until the lease ran out.
        const mayPass = isUnavailable(error) || isShortOfRoom(error);
        if (!mayPass || Date.now() > end) throw error;
        await delay(waitMs);
      }
    }
  };

  const detach = transport.attach({
    sendEvents: async (events, seed) => {
      const ids = await persist(() => enqueueEvents(sql, events, seed));
      dispatcher.poke();
      return ids;
    },
    checkpoint: async ({ runId, token, steps }) => {
      const saved = await persist(() => saveCheckpoint(sql, { token, runId, steps, leaseSeconds }));
      watchdogs.renew(token);
      if (!stopping || !saved) return saved;
      // The end of a step is a good place to stop: another worker goes on from here.
      await persist(() => releaseLease(sql, token));
      return false;
    },
    register: (functions) => {
      registered = functions;
    },
  });

  const handler = createHandler(options.client, options.functions);
  const execution: Execution = {
    sql,
    specs,
    log,
    call: handler.call,
    persist,
    watchdogs,
    backoffMs: options.backoffMs ?? backoffMs,
  };
  let session: Awaited<ReturnType<typeof openWorkerSession>> | undefined;
  const dispatcher = new Dispatcher({ execution, slots, leaseSeconds, workerId: () => session?.id() });

  try {
    await handler.register();
    for (const spec of registered.map(functionSpec)) specs.set(spec.id, spec);
    session = await openWorkerSession(options.databaseUrl, {
      onJoin: (id) => {
        log.info({ workerId: id }, "the engine's worker is registered");
        dispatcher.poke();
      },
      onWake: () => dispatcher.poke(),
      onError: (error) => log.warn({ err: error }, "the worker's session cannot be opened"),
    });
    await armSchedules(sql, specs);
  } catch (error) {
    detach();
    await session?.close();
    await database.close();
    throw error;
  }

  const timers = [
    every(DEAD_WORKERS_EVERY_MS, log, async () => {
      const id = session.id();
      if (id !== undefined && (await freeDeadWorkers(sql, id)) > 0) dispatcher.poke();
    }),
    every(Math.min(OVERDUE_EVERY_MS, stepSeconds * 250), log, async () => {
      const id = session.id();
      if (id === undefined) return;
      for (const job of await takeOverdueLeases(sql, { workerId: id, leaseSeconds: 60 }))
        await failOverdue(execution, job);
      dispatcher.poke();
    }),
    every(PRUNE_EVERY_MS, log, async () => {
      const removed = await pruneHistory(sql, options.historyDays ?? 7);
      if (removed.runs + removed.events > 0) log.info(removed, "old runs and events were removed");
    }),
  ];

  return {
    stop: async (graceMs = 8_000) => {
      stopping = true;
      for (const timer of timers) timer.stop();
      await Promise.race([dispatcher.stop(), delay(graceMs, undefined, { ref: false })]);
      await session.close();
      detach();
      await database.close();
    },
  };
}

/** Repeat `work` without overlap. While the database is away it is left out silently: others report that. */
function every(ms: number, log: Logger, work: () => Promise<void>): { stop(): void } {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    work()
      .catch((error: unknown) => {
        if (!isUnavailable(error)) log.error({ err: error }, "the engine's housekeeping failed");
      })
      .finally(() => {
        busy = false;
      });
  }, ms);
  return { stop: () => clearInterval(timer) };
}
