import { drawFault, FAULTS, type FaultKind } from "./faults";
import type { Point } from "./points";
import { seededRandom, type Random } from "./random";
import type { Strike } from "./struck";

/** What the seed leaves no choice in. */
export interface Wanted {
  kind?: string;
  fault?: FaultKind;
  /** Whom or how the fault strikes. */
  detail?: string;
  /** How long it lasts. */
  ms?: number;
  /** Stage and label of the moment: `import:memo.stage`. */
  at?: string;
  nth?: number;
  laterMs?: number;
  dataSeed?: number;
}

/** The moment that a seed stands for: in turn, each with every kind of fault, unless it is named. */
export function pointOf<P extends Point<string, string>>(
  points: readonly P[],
  seed: number,
  at: string | undefined,
): P {
  // A step of 7 (no factor of their number) keeps a slice of a round from lying within one phase.
  if (at === undefined) return points[(Math.floor(seed / FAULTS.length) * 7) % points.length]!;
  const point = points.find((p) => atOf(p) === at);
  if (!point) throw new Error(`There is no moment ${at}; the moments are: ${points.map(atOf).join(", ")}`);
  return point;
}

export function faultKindOf(seed: number, wanted: Wanted): FaultKind {
  return wanted.fault ?? FAULTS[seed % FAULTS.length]!;
}

export function laterMsOf(random: Random, wanted: Wanted): number {
  return wanted.laterMs ?? (random.chance(0.6) ? 0 : random.int(1, 600));
}

/** One of these; chance decides when nobody names one. */
export function oneOf<T extends string>(
  choices: readonly T[],
  wanted: string | undefined,
  random: Random,
): T {
  if (wanted === undefined) return random.pick(choices);
  const choice = choices.find((one) => one === wanted);
  if (choice === undefined) throw new Error(`${wanted} is none of ${choices.join(", ")}`);
  return choice;
}

/** What breaks when, of a seed: the rest of the run is decided by `random` afterwards. */
export function drawStrike<S extends string, K extends string>(
  points: readonly Point<S, K>[],
  seed: number,
  wanted: Wanted,
): { strike: Strike<S> & { point: Point<S, K> }; random: Random } {
  const random = seededRandom(seed);
  const fault = drawFault(faultKindOf(seed, wanted), random, wanted);
  const point = pointOf(points, seed, wanted.at);
  const laterMs = laterMsOf(random, wanted);
  const nth = wanted.nth ?? (point.times === undefined ? 1 : random.int(1, point.times));
  return { strike: { point, nth, laterMs, fault }, random };
}

const atOf = ({ stage, label }: Point<string, string>) => `${stage}:${label}`;

/** What breaks when, in words. */
export function strikeWords({ point, nth, laterMs, fault }: Strike<string>): string {
  const which = (point.times ?? 1) > 1 ? ` ${nth}` : "";
  const later = laterMs > 0 ? ` + ${laterMs} ms` : "";
  return `${fault.kind} [${fault.detail}, ${fault.ms} ms] ${point.phase} (${atOf(point)}${which}${later})`;
}

/** The command that makes the same break again. */
export function replayOfStrike(
  of: string,
  seed: number,
  { point, nth, laterMs, fault }: Strike<string>,
): string {
  const what = `--seed ${seed} --fault ${fault.kind} --detail "${fault.detail}" --ms ${fault.ms}`;
  return `npm run faults -- --of ${of} --runs 1 ${what} --at ${atOf(point)} --nth ${nth} --later ${laterMs}`;
}
