import { KINDS, type Kind } from "./data";
import { faultKindOf, laterMsOf, oneOf, pointOf, replayOfStrike, strikeWords, type Wanted } from "./draw";
import { drawFault, FAULTS } from "./faults";
import { POINTS, type Stage } from "./points";
import { seededRandom } from "./random";
import type { Strike } from "./struck";

/** One run: what is imported, and what breaks when. */
export interface Scenario extends Strike<Stage> {
  seed: number;
  kind: Kind;
  /** Runs with the same one import the same data. */
  dataSeed: number;
}

const DATA_SETS = 3;

/** Seeds one after the other, this many of them, go through every kind of fault at every moment. */
export const ROUND = FAULTS.length * POINTS.length;

/** The run that a seed stands for. */
export function drawScenario(seed: number, wanted: Wanted = {}): Scenario {
  const random = seededRandom(seed);
  const point = pointOf(POINTS, seed, wanted.at);
  const kind = oneOf(point.kinds ?? KINDS, wanted.kind, random);
  const fault = drawFault(faultKindOf(seed, wanted), random, wanted);
  return {
    seed,
    kind,
    dataSeed: wanted.dataSeed ?? random.int(1, DATA_SETS),
    point,
    nth: wanted.nth ?? random.int(1, point.times ?? 1),
    laterMs: laterMsOf(random, wanted),
    fault,
  };
}

/** The run in words: seed, fault, place. */
export function describeScenario(scenario: Scenario): string {
  return `seed ${scenario.seed}: ${strikeWords(scenario)}, ${scenario.kind}`;
}

/** The command that does the same again. */
export function replayOf(scenario: Scenario): string {
  const { seed, kind, dataSeed } = scenario;
  return `${replayOfStrike("imports", seed, scenario)} --kind ${kind} --data ${dataSeed}`;
}
