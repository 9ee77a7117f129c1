import type { Kind } from "./data";
import { KINDS } from "./data";
import { drawFault, FAULTS, type Fault, type FaultKind } from "./faults";
import { POINTS, type Point } from "./points";
import { seededRandom } from "./random";

/** One run: what is imported, and what breaks when. */
export interface Scenario {
  seed: number;
  kind: Kind;
  /** Runs with the same one import the same data. */
  dataSeed: number;
  point: Point;
  nth: number;
  /** The fault strikes this much later than the moment; 0 = in it, while its transaction is open. */
  laterMs: number;
  fault: Fault;
}

/** What the seed leaves no choice in. */
export interface Wanted {
  kind?: Kind;
  fault?: FaultKind;
  label?: string;
  dataSeed?: number;
  /** Inside the moment, not some time after it. */
  exactly?: boolean;
  detail?: string;
  ms?: number;
}

const DATA_SETS = 3;

/** The run that a seed stands for. Seeds one after the other go through all kinds of faults. */
export function drawScenario(seed: number, wanted: Wanted = {}): Scenario {
  const random = seededRandom(seed);
  const faultKind = wanted.fault ?? FAULTS[seed % FAULTS.length]!;
  const kind = wanted.kind ?? random.pick(KINDS);
  const points = POINTS.filter((p) => p.kinds?.includes(kind) ?? true).filter(
    (p) => wanted.label === undefined || `${p.stage}:${p.label}` === wanted.label,
  );
  const point = random.pick(points);
  const nth = random.int(1, point.times ?? 1);
  const laterMs = wanted.exactly || random.chance(0.6) ? 0 : random.int(1, 600);
  const fault = drawFault(faultKind, random);
  const detail = wanted.detail ?? fault.detail;
  return {
    seed,
    kind,
    dataSeed: wanted.dataSeed ?? random.int(1, DATA_SETS),
    point,
    nth,
    laterMs,
    fault: wanted.ms === undefined ? { ...fault, detail } : { kind: faultKind, detail, ms: wanted.ms },
  };
}

export function describeScenario({ seed, kind, point, nth, laterMs, fault }: Scenario): string {
  const when = `${point.phase} (${point.label}${(point.times ?? 1) > 1 ? ` ${nth}` : ""}${laterMs > 0 ? ` + ${laterMs} ms` : ""})`;
  return `seed ${seed}: ${fault.kind} [${fault.detail}, ${fault.ms} ms] ${when}, ${kind}`;
}
