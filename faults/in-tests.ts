import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Wanted } from "./draw";
import type { Outcome } from "./played";
import type { Strike } from "./struck";
import { createWorld, type World } from "./world";

const MINUTE_MS = 60_000;

interface Struck<S extends Strike<string>> {
  runs: (Wanted & { seed: number })[];
  draw: (seed: number, wanted: Wanted) => S;
  describe: (scenario: S) => string;
  replayOf: (scenario: S) => string;
  run: (world: World, scenario: S) => Promise<Outcome>;
}

/** Runs that are part of every `npm test`: a test each, in a world of their own. */
export function strikeInTests<S extends Strike<string>>(
  promise: string,
  { runs, draw, describe: inWords, replayOf, run }: Struck<S>,
): void {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  }, MINUTE_MS);
  afterAll(() => world.close(), MINUTE_MS);

  const scenarios = runs.map(({ seed, ...wanted }) => draw(seed, { dataSeed: 1, laterMs: 0, ...wanted }));
  describe(promise, () => {
    it.each(scenarios.map((scenario) => [inWords(scenario), scenario] as const))(
      "%s",
      async (_what, scenario) => {
        if (scenario.fault.kind === "full-disk")
          expect(world.disk.how, "a full disk can be had").toBeDefined();
        const { problems } = await run(world, scenario);
        expect(problems, `again: ${replayOf(scenario)}`).toEqual([]);
      },
      5 * MINUTE_MS,
    );
  });
}
