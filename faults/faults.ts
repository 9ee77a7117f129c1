import { setTimeout as delay } from "node:timers/promises";
import { insist } from "./insist";
import type { Random } from "./random";
import type { World } from "./world";

export const FAULTS = ["kill-worker", "kill-postgres", "kill-all", "hang", "cut", "full-disk"] as const;
export type FaultKind = (typeof FAULTS)[number];

/** A fault with everything that chance decides about it, so that a seed says exactly what happens. */
export interface Fault {
  kind: FaultKind;
  /** What is struck, in words. */
  detail: string;
  /** How long it lasts. */
  ms: number;
  /** The limit on a step that the workers are started with, where it matters. */
  stepSecondsMax?: number;
}

/** Of the workers that are to hang: short, since others only take over when it is past and ten seconds more. */
const HANG_STEP_SECONDS = 8;
const HANG_MS = (HANG_STEP_SECONDS + 12) * 1_000;

/** Whom or how a fault of each kind can strike, in words. */
const DETAILS: Record<FaultKind, readonly string[]> = {
  "kill-worker": ["worker"],
  "kill-postgres": ["postmaster", "backend", "everything"],
  "kill-all": ["everything"],
  hang: ["past the lease", "shorter than a step may take"],
  cut: ["worker's connections"],
  "full-disk": ["without a byte left", "with 1 MiB left"],
};

/** A fault of this kind; chance decides about what `wanted` leaves open. */
export function drawFault(
  kind: FaultKind,
  random: Random,
  wanted: { detail?: string; ms?: number } = {},
): Fault {
  const drawn = random.pick(DETAILS[kind]);
  const detail = wanted.detail ?? drawn;
  if (!DETAILS[kind].includes(detail)) throw new Error(`A ${kind} is one of: ${DETAILS[kind].join(", ")}`);
  const pastLease = detail === "past the lease";
  const ms = wanted.ms ?? drawMs(kind, pastLease, random);
  return { kind, detail, ms, ...(pastLease && { stepSecondsMax: HANG_STEP_SECONDS }) };
}

function drawMs(kind: FaultKind, pastLease: boolean, random: Random): number {
  switch (kind) {
    case "kill-worker":
      return random.pick([0, 0, 700]);
    case "kill-postgres":
    case "kill-all":
      return random.int(0, 2_500);
    case "hang":
      return pastLease ? HANG_MS : random.int(500, 4_000);
    case "cut":
      return random.int(100, 8_000);
    case "full-disk":
      // Shorter and longer than the attempts at a step last.
      return random.pick([2_500, 20_000]);
  }
}

/**
 * Strike, then mend: resolves when everything runs again. `waiting` is the backend at the armed moment, if one still
 * waits there; `letGo` frees it, and is called as soon as the fault has struck.
 */
export async function strike(
  world: World,
  fault: Fault,
  waiting: number | undefined,
  letGo: () => Promise<void>,
): Promise<void> {
  const { server, disk, line, workers } = world;
  switch (fault.kind) {
    case "kill-worker": {
      await killWorkers(world);
      await letGo();
      await delay(fault.ms);
      await world.startWorker();
      return;
    }
    case "kill-postgres": {
      const all = server.pids();
      const backend = waiting ?? all.at(-1)!;
      await server.kill(
        fault.detail === "everything" ? all : [fault.detail === "backend" ? backend : all[0]!],
      );
      await letGo();
      await delay(fault.ms);
      await restart(world);
      return;
    }
    case "kill-all": {
      await Promise.all([server.kill(server.pids()), killWorkers(world)]);
      await letGo();
      await delay(fault.ms);
      await restart(world);
      await world.startWorker();
      return;
    }
    case "hang": {
      const hung = [...workers];
      for (const worker of hung) process.kill(worker.pid, "SIGSTOP");
      await letGo();
      // Another one is there to take over, as where several run.
      if (fault.stepSecondsMax) await world.startWorker(fault.stepSecondsMax);
      await delay(fault.ms);
      for (const worker of hung) process.kill(worker.pid, "SIGCONT");
      return;
    }
    case "cut": {
      await line.cut();
      await letGo();
      await delay(fault.ms);
      await line.mend();
      return;
    }
    case "full-disk": {
      disk.fill(fault.detail === "with 1 MiB left" ? 1024 * 1024 : 0, server.pids());
      await letGo();
      await delay(fault.ms);
      disk.free(server.pids());
      await restart(world);
    }
  }
}

async function killWorkers({ workers }: World): Promise<void> {
  const killed = [...workers];
  workers.clear();
  await Promise.all(killed.map((worker) => worker.kill()));
}

/** Start the server if it has gone, and wait until it answers: it may also be on its way back by itself. */
async function restart({ server, db }: World): Promise<void> {
  await insist(async () => {
    await server.start();
    await db.sql`select 1`;
  });
}
