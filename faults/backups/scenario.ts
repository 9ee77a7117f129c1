import { drawFault, FAULTS } from "../faults";
import type { Point } from "../points";
import { seededRandom } from "../random";
import { atOf, type Wanted } from "../scenario";
import type { Strike } from "../struck";

/** A step of a backup's life, in which a fault may strike. */
export type BackupStage = "full" | "incremental" | "verify" | "retention";

/** Moments before, inside and after each step; what the labels mean stands in `../points.ts`. */
const POINTS: readonly Point<BackupStage>[] = [
  { stage: "full", phase: "before a backup", label: "event.backup/requested" },
  { stage: "full", phase: "before a backup", label: "backup.processing" },
  { stage: "full", phase: "before writing", label: "job.preparing" },
  { stage: "full", phase: "before writing", label: "backup.planned" },
  { stage: "full", phase: "inside writing", label: "job.writing" },
  { stage: "full", phase: "after writing", label: "job.storing" },
  { stage: "full", phase: "inside completing", label: "backup.completed" },
  { stage: "full", phase: "after a backup", label: "memo.backup" },
  { stage: "incremental", phase: "before writing", label: "backup.planned" },
  { stage: "incremental", phase: "inside writing", label: "job.writing" },
  { stage: "incremental", phase: "inside completing", label: "backup.completed" },
  { stage: "verify", phase: "before verifying", label: "event.backup/check-requested" },
  { stage: "verify", phase: "inside verifying", label: "job.verifying" },
  { stage: "verify", phase: "inside noting what was found", label: "backup.checked" },
  { stage: "verify", phase: "after verifying", label: "memo.verify" },
  { stage: "retention", phase: "inside marking", label: "backup.deleted" },
  { stage: "retention", phase: "before the file is removed", label: "backup.removing" },
  { stage: "retention", phase: "after the file is removed", label: "backup.removed" },
];

/** One run: what breaks in the life of some backups, and when. */
export interface BackupScenario extends Strike<BackupStage> {
  seed: number;
}

/** Seeds one after the other, this many of them, go through every kind of fault at every moment. */
export const BACKUP_ROUND = FAULTS.length * POINTS.length;

/** The run that a seed stands for. */
export function drawBackupScenario(seed: number, wanted: Wanted = {}): BackupScenario {
  const random = seededRandom(seed);
  const fault = drawFault(wanted.fault ?? FAULTS[seed % FAULTS.length]!, random, wanted);
  const point =
    wanted.at === undefined
      ? // A step of 7 (no factor of their number) keeps a slice of a round from lying within one phase.
        POINTS[(Math.floor(seed / FAULTS.length) * 7) % POINTS.length]!
      : pointAt(wanted.at);
  const laterMs = wanted.laterMs ?? (random.chance(0.6) ? 0 : random.int(1, 600));
  return { seed, point, nth: wanted.nth ?? 1, laterMs, fault };
}

function pointAt(at: string): Point<BackupStage> {
  const point = POINTS.find((p) => atOf(p) === at);
  if (!point) throw new Error(`There is no moment ${at}; the moments are: ${POINTS.map(atOf).join(", ")}`);
  return point;
}

/** The run in words: seed, fault, place. */
export function describeBackupScenario({ seed, point, laterMs, fault }: BackupScenario): string {
  const later = laterMs > 0 ? ` + ${laterMs} ms` : "";
  return `backups, seed ${seed}: ${fault.kind} [${fault.detail}, ${fault.ms} ms] ${point.phase} (${atOf(point)}${later})`;
}

/** The command that does the same again. */
export function replayOfBackups({ seed, point, nth, laterMs, fault }: BackupScenario): string {
  const what = `--seed ${seed} --fault ${fault.kind} --detail "${fault.detail}" --ms ${fault.ms}`;
  return `npm run faults -- --of backups --runs 1 ${what} --at ${atOf(point)} --nth ${nth} --later ${laterMs}`;
}
