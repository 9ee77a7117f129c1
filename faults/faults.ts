import { setTimeout as delay } from "node:timers/promises";
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

const VICTIMS = ["postmaster", "backend", "everything"] as const;
/** Of the workers that are to hang: short, since others only take over when it is past and ten seconds more. */
const HANG_STEP_SECONDS = 8;
const RESTART_MS = 60_000;
const HANG_MS = (HANG_STEP_SECONDS + 12) * 1_000;

/** A fault of this kind; chance decides about the rest. */
export function drawFault(kind: FaultKind, random: Random): Fault {
  switch (kind) {
    case "kill-worker":
      return { kind, detail: "worker", ms: random.pick([0, 0, 700]) };
    case "kill-postgres":
      return { kind, detail: random.pick(VICTIMS), ms: random.int(0, 2_500) };
    case "kill-all":
      return { kind, detail: "everything", ms: random.int(0, 2_500) };
    case "hang":
      return random.chance(0.5)
        ? { kind, detail: "past the lease", ms: HANG_MS, stepSecondsMax: HANG_STEP_SECONDS }
        : { kind, detail: "shorter than a step may take", ms: random.int(500, 4_000) };
    case "cut":
      return { kind, detail: "worker's connections", ms: random.int(100, 8_000) };
    case "full-disk":
      return {
        kind,
        detail: random.pick(["without a byte left", "with 1 MiB left"]),
        // Shorter and longer than the attempts at a step last.
        ms: random.pick([2_500, 20_000]),
      };
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
      server.kill(fault.detail === "everything" ? all : [fault.detail === "backend" ? backend : all[0]!]);
      await letGo();
      await delay(fault.ms);
      await restart(world);
      return;
    }
    case "kill-all": {
      server.kill(server.pids());
      await killWorkers(world);
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
  for (const end = Date.now() + RESTART_MS; ; await delay(100)) {
    try {
      await server.start();
      // Each connection of the pool has to find out for itself that it is none any more.
      await Promise.all(Array.from({ length: 10 }, () => db.sql`select pg_sleep(0.01)`));
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
