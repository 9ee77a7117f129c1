import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./run";
import type { Wanted } from "./draw";
import { describeScenario, drawScenario, replayOf } from "./scenario";
import { createWorld, type World } from "./world";

const MINUTE_MS = 60_000;

/** Every kind of fault, in every phase at least once. `npm run faults` goes through all faults at all moments. */
const RUNS: (Wanted & { seed: number })[] = [
  { seed: 1, kind: "insert", fault: "kill-worker", at: "import:ddl.staged" },
  { seed: 2, kind: "insert", fault: "kill-postgres", at: "import:chunk.written", detail: "backend" },
  { seed: 3, kind: "insert", fault: "kill-all", at: "import:memo.apply-0" },
  { seed: 4, kind: "insert", fault: "kill-postgres", at: "undo:chunk.undone", detail: "postmaster" },
  { seed: 5, kind: "insert", fault: "kill-worker", at: "redo:chunk.undone" },
  { seed: 6, kind: "insert", fault: "cut", at: "import:memo.plan-0", ms: 2_000 },
  { seed: 7, kind: "insert", fault: "full-disk", at: "import:ddl.staged", ms: 2_500 },
  {
    seed: 8,
    kind: "insert",
    fault: "hang",
    at: "import:chunk.written",
    detail: "shorter than a step may take",
    ms: 3_000,
  },
  { seed: 9, kind: "insert", fault: "kill-all", at: "import:import.applying" },
  { seed: 10, kind: "update", fault: "kill-postgres", at: "import:import.approved", detail: "everything" },
  { seed: 11, kind: "replace", fault: "kill-all", at: "import:chunk.deleted" },
  { seed: 12, kind: "update", fault: "kill-worker", at: "undo:chunk.undone" },
];

let world: World;

beforeAll(async () => {
  world = await createWorld();
}, MINUTE_MS);
afterAll(() => world.close(), MINUTE_MS);

describe("whatever breaks, what is there is what was there before or what the import makes", () => {
  it.each(
    RUNS.map(({ seed, ...wanted }) => {
      const scenario = drawScenario(seed, { ...wanted, dataSeed: 1, laterMs: 0 });
      return [describeScenario(scenario), scenario] as const;
    }),
  )(
    "%s",
    async (_what, scenario) => {
      if (scenario.fault.kind === "full-disk") expect(world.disk.how, "a full disk can be had").toBeDefined();
      const { problems } = await runScenario(world, scenario);
      expect(problems, `again: ${replayOf(scenario)}`).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
