import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./run";
import { describeScenario, drawScenario, type Wanted } from "./scenario";
import { createWorld, type World } from "./world";

const MINUTE_MS = 60_000;

/** Every kind of fault, in every phase at least once; seeds choose the rest. `npm run faults` goes on from here. */
const RUNS: (Wanted & { seed: number })[] = [
  { seed: 1, kind: "insert", fault: "kill-worker", label: "import:ddl.staged" },
  { seed: 2, kind: "insert", fault: "kill-postgres", label: "import:chunk.written", detail: "backend" },
  { seed: 3, kind: "insert", fault: "kill-all", label: "import:memo.apply-0" },
  { seed: 4, kind: "insert", fault: "kill-postgres", label: "undo:chunk.undone", detail: "postmaster" },
  { seed: 5, kind: "insert", fault: "kill-worker", label: "redo:chunk.undone" },
  { seed: 6, kind: "insert", fault: "cut", label: "import:memo.plan-0" },
  { seed: 7, kind: "insert", fault: "full-disk", label: "import:ddl.staged", ms: 2_500 },
  { seed: 8, kind: "insert", fault: "hang", label: "import:chunk.written", ms: 3_000 },
  { seed: 9, kind: "insert", fault: "kill-all", label: "import:import.applying" },
  { seed: 10, kind: "update", fault: "kill-postgres", label: "import:import.approved", detail: "everything" },
  { seed: 11, kind: "replace", fault: "kill-all", label: "import:chunk.deleted" },
  { seed: 12, kind: "update", fault: "kill-worker", label: "undo:chunk.undone" },
];

let world: World;

beforeAll(async () => {
  world = await createWorld();
}, MINUTE_MS);
afterAll(() => world.close(), MINUTE_MS);

describe("whatever breaks, what is there is what was there before or what the import makes", () => {
  it.each(
    RUNS.map(({ seed, ...wanted }) => {
      const scenario = drawScenario(seed, { ...wanted, dataSeed: 1, exactly: true });
      return [describeScenario(scenario), scenario] as const;
    }),
  )(
    "%s",
    async (_what, scenario) => {
      if (scenario.fault.kind === "full-disk") expect(world.disk.how, "a full disk can be had").toBeDefined();
      const outcome = await runScenario(world, scenario);
      expect(outcome.problems).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
