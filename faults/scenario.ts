import type { Kind } from "./data";
import { KINDS } from "./data";
import { drawFault, FAULTS, type FaultKind } from "./faults";
import { POINTS, type Point, type Stage } from "./points";
import { seededRandom } from "./random";
import type { Strike } from "./struck";

/** One run: what is imported, and what breaks when. */
export interface Scenario extends Strike<Stage> {
  seed: number;
  kind: Kind;
  /** Runs with the same one import the same data. */
  dataSeed: number;
}

/** What the seed leaves no choice in. */
export interface Wanted {
  kind?: Kind;
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

const DATA_SETS = 3;

/** Seeds one after the other, this many of them, go through every kind of fault at every moment. */
export const ROUND = FAULTS.length * POINTS.length;

/** The run that a seed stands for. */
export function drawScenario(seed: number, wanted: Wanted = {}): Scenario {
  const random = seededRandom(seed);
  const faultKind = wanted.fault ?? FAULTS[seed % FAULTS.length]!;
  const point = wanted.at === undefined ? inTurn(seed) : pointAt(wanted.at);
  const kinds = point.kinds ?? KINDS;
  const kind = wanted.kind ?? random.pick(kinds);
  if (!kinds.includes(kind)) throw new Error(`${point.label} comes in: ${kinds.join(", ")}`);
  const fault = drawFault(faultKind, random, wanted);
  return {
    seed,
    kind,
    dataSeed: wanted.dataSeed ?? random.int(1, DATA_SETS),
    point,
    nth: wanted.nth ?? random.int(1, point.times ?? 1),
    laterMs: wanted.laterMs ?? (random.chance(0.6) ? 0 : random.int(1, 600)),
    fault,
  };
}

/** A step of 7 (no factor of their number) keeps a slice of a round from lying within one phase. */
function inTurn(seed: number): Point {
  return POINTS[(Math.floor(seed / FAULTS.length) * 7) % POINTS.length]!;
}

function pointAt(at: string): Point {
  const point = POINTS.find((p) => atOf(p) === at);
  if (!point) throw new Error(`There is no moment ${at}; the moments are: ${POINTS.map(atOf).join(", ")}`);
  return point;
}

export const atOf = ({ stage, label }: Point<string>) => `${stage}:${label}`;

/** The run in words: seed, fault, place. */
export function describeScenario({ seed, kind, point, nth, laterMs, fault }: Scenario): string {
  const which = (point.times ?? 1) > 1 ? ` ${nth}` : "";
  const later = laterMs > 0 ? ` + ${laterMs} ms` : "";
  return `seed ${seed}: ${fault.kind} [${fault.detail}, ${fault.ms} ms] ${point.phase} (${atOf(point)}${which}${later}), ${kind}`;
}

/** The command that does the same again. */
export function replayOf({ seed, kind, dataSeed, point, nth, laterMs, fault }: Scenario): string {
  const what = `--seed ${seed} --fault ${fault.kind} --detail "${fault.detail}" --ms ${fault.ms}`;
  const where = `--at ${atOf(point)} --nth ${nth} --later ${laterMs} --kind ${kind} --data ${dataSeed}`;
  return `npm run faults -- --of imports --runs 1 ${what} ${where}`;
}
