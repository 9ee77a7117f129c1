import { setTimeout as delay } from "node:timers/promises";
import { connect } from "@/db/client";
import { strike, type Fault } from "./faults";
import { insist } from "./insist";
import { arm, blockArmed, waitingBackend, type Point } from "./points";
import type { World } from "./world";

/** How long a moment may take to come. */
const REACH_MS = 60_000;
/** A function's last steps come after the end that people see. */
const AFTERWARDS_MS = 5_000;

/** What breaks, and when. */
export interface Strike<S extends string> {
  point: Point<S, string>;
  nth: number;
  /** The fault strikes this much later than the moment; 0 = in it, while its transaction is open. */
  laterMs: number;
  fault: Fault;
}

/** Does something while a fault strikes, if this is its stage. Resolves when all runs again and it is done. */
export async function struck<T, S extends string>(
  world: World,
  { point, nth, laterMs, fault }: Strike<S>,
  stage: S,
  work: () => Promise<T>,
): Promise<T> {
  if (point.stage !== stage) return await work();
  const { sql } = world.db;
  // A session of its own: what it holds is let go by closing it, also when the server has gone meanwhile.
  const blocker = connect(world.db.url, { poolSize: 1 });
  try {
    await blockArmed(blocker.sql);
    await arm(sql, { label: point.label, nth });
    const working = work();
    working.catch(() => undefined);
    const pid = await whoeverComes(world, working);
    if (pid === undefined) {
      await blocker.close();
      await working;
      throw new Error(`the moment “${point.label}” did not come (${await lastJobOf(world)})`);
    }
    if (laterMs > 0) {
      await blocker.close();
      await delay(laterMs);
    }
    await strike(world, fault, laterMs > 0 ? undefined : pid, () => blocker.close());
    await insist(() => arm(sql, undefined));
    return await working;
  } finally {
    await blocker.close();
    await arm(sql, undefined).catch(() => undefined);
  }
}

/** Waits for somebody to come to the armed moment; undefined when the work ends without, and what comes after it too. */
async function whoeverComes(world: World, working: Promise<unknown>): Promise<number | undefined> {
  let end = Date.now() + REACH_MS;
  const notice = () => (end = Date.now() + AFTERWARDS_MS);
  working.then(notice, notice);
  for (; Date.now() < end; await delay(15)) {
    const pid = await waitingBackend(world.db.sql);
    if (pid !== undefined) return pid;
  }
  return undefined;
}

/** How the newest job stands, for a complaint. */
async function lastJobOf(world: World): Promise<string> {
  const [row] = await world.db.sql<{ text: string }[]>`
    select concat_ws(' ', kind, state, phase, attempt, recent_errors) as text from jobs order by id desc limit 1`;
  return row?.text ?? "no job";
}
