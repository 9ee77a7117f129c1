import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "./run";
import { describeScenario, drawScenario, type Wanted } from "./scenario";
import { createWorld, type World } from "./world";

const MINUTE_MS = 60_000;

/** A few of the moments that matter most, in the time that every test run has; `npm run faults` goes through all. */
const RUNS: (Wanted & { seed: number })[] = [
  { seed: 1, kind: "insert", fault: "kill-worker", label: "import:ddl.staged" },
  { seed: 2, kind: "insert", fault: "kill-postgres", label: "import:chunk.written", detail: "backend" },
  { seed: 5, kind: "insert", fault: "kill-worker", label: "redo:chunk.undone" },
  { seed: 10, kind: "update", fault: "kill-postgres", label: "import:import.approved", detail: "everything" },
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
      const outcome = await runScenario(world, scenario);
      expect(outcome.problems).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
