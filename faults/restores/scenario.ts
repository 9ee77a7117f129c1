import { drawStrike, oneOf, replayOfStrike, strikeWords, type Wanted } from "../draw";
import { FAULTS } from "../faults";
import type { Strike } from "../struck";
import { POINTS, RESTORE_KINDS, type RestoreKind, type RestoreStage } from "./points";

/** One run: how a backup comes back, and what breaks when. */
export interface RestoreScenario extends Strike<RestoreStage> {
  seed: number;
  kind: RestoreKind;
}

/** Seeds one after the other, this many of them, go through every kind of fault at every moment. */
export const RESTORE_ROUND = FAULTS.length * POINTS.length;

/** The run that a seed stands for. */
export function drawRestoreScenario(seed: number, wanted: Wanted = {}): RestoreScenario {
  const { strike, random } = drawStrike(POINTS, seed, wanted);
  const kind = oneOf(strike.point.kinds ?? RESTORE_KINDS, wanted.kind, random);
  return { seed, ...strike, kind };
}

/** The run in words: seed, fault, place. */
export function describeRestoreScenario(scenario: RestoreScenario): string {
  return `restores, seed ${scenario.seed}: ${strikeWords(scenario)}, ${scenario.kind}`;
}

/** The command that does the same again. */
export function replayOfRestores(scenario: RestoreScenario): string {
  return `${replayOfStrike("restores", scenario.seed, scenario)} --kind ${scenario.kind}`;
}
