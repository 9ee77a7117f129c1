import { setTimeout as delay } from "node:timers/promises";
import type { ServiceContext } from "@/lib/services/context";
import { insist } from "./insist";
import type { World } from "./world";

export interface Outcome {
  /** "done": as if nothing had happened · "as before": taken back, and in at the next try · else what went wrong. */
  verdict: "done" | "as before" | "failed";
  /** How what was struck ended, in words. */
  state: string;
  problems: string[];
  seconds: number;
}

export interface Play {
  /** Goes through it as a new user; adds to `problems` what is not as it should be. */
  play: (
    ctx: ServiceContext,
    problems: string[],
  ) => Promise<{ state: string; verdict: "done" | "as before" }>;
  /** What must not be left of it: each violation in words. */
  violations: (ownerId: string) => Promise<string[]>;
}

/** Plays one run and says how it ended. A user with whom all is well is forgotten. */
export async function played(world: World, { play, violations }: Play): Promise<Outcome> {
  const begun = Date.now();
  const ctx = await world.newUser();
  const problems: string[] = [];
  let ended: Pick<Outcome, "state" | "verdict"> = { state: "", verdict: "failed" };
  try {
    ended = await play(ctx, problems);
    problems.push(...(await settled(() => violations(ctx.ownerId))));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    problems.push(...(await insist(() => violations(ctx.ownerId)).catch(() => [])));
  }
  if (problems.length === 0) await insist(() => world.removeUser(ctx.ownerId));
  return {
    ...ended,
    ...(problems.length > 0 && { verdict: "failed" }),
    problems,
    seconds: (Date.now() - begun) / 1000,
  };
}

/** A function's last steps (removing a file, say) come after its job has ended: they get a moment. */
export async function settled(violations: () => Promise<string[]>): Promise<string[]> {
  for (let left = 300; ; left--) {
    const found = await insist(violations);
    if (found.length === 0 || left === 0) return found;
    await delay(100);
  }
}
