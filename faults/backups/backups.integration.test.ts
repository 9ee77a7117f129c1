import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Wanted } from "../draw";
import { createWorld, type World } from "../world";
import { runBackupScenario } from "./run";
import { describeBackupScenario, drawBackupScenario, replayOfBackups } from "./scenario";

const MINUTE_MS = 60_000;

/** The moments that cost the most when they are lost. `npm run faults` goes through all faults at all moments. */
const RUNS: (Wanted & { seed: number })[] = [
  { seed: 1, fault: "kill-worker", at: "full:job.writing" },
  { seed: 2, fault: "kill-all", at: "incremental:backup.completed" },
  { seed: 4, fault: "kill-worker", at: "retention:backup.removing" },
];

let world: World;

beforeAll(async () => {
  world = await createWorld();
}, MINUTE_MS);
afterAll(() => world.close(), MINUTE_MS);

describe("whatever breaks, a backup is there whole or not at all", () => {
  it.each(
    RUNS.map(({ seed, ...wanted }) => {
      const scenario = drawBackupScenario(seed, { ...wanted, laterMs: 0 });
      return [describeBackupScenario(scenario), scenario] as const;
    }),
  )(
    "%s",
    async (_what, scenario) => {
      const { problems } = await runBackupScenario(world, scenario);
      expect(problems, `again: ${replayOfBackups(scenario)}`).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
