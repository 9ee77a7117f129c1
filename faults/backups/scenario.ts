import { drawStrike, replayOfStrike, strikeWords, type Wanted } from "../draw";
import { FAULTS } from "../faults";
import type { Point } from "../points";
import type { Strike } from "../struck";

/** A step of a backup's life, in which a fault may strike. */
export type BackupStage = "full" | "incremental" | "verify" | "retention";

/** Moments before, inside and after each step; what the labels mean stands in `../points.ts`. */
const POINTS: readonly Point<BackupStage, never>[] = [
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
  return { seed, ...drawStrike(POINTS, seed, wanted).strike };
}

/** The run in words: seed, fault, place. */
export function describeBackupScenario(scenario: BackupScenario): string {
  return `backups, seed ${scenario.seed}: ${strikeWords(scenario)}`;
}

/** The command that does the same again. */
export function replayOfBackups(scenario: BackupScenario): string {
  return replayOfStrike("backups", scenario.seed, scenario);
}
