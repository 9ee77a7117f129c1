import type { Point } from "../points";

/** A step of a person's way through a restore, in which a fault may strike. */
export type RestoreStage = "preview" | "discard" | "cancel" | "run" | "undo" | "redo";

/**
 * overwrite: everything becomes what it was in the backup · merge: what is missing comes back · given-key: as the first,
 * from a backup that only a passphrase opens, which is given for this one use.
 */
export const RESTORE_KINDS = ["overwrite", "merge", "given-key"] as const;
export type RestoreKind = (typeof RESTORE_KINDS)[number];

/** Collections whose records are read, laid beside today's, and written. */
const PARTS = 3;

/** Moments before, inside and after each step; what the labels mean stands in `../points.ts`. */
export const POINTS: readonly Point<RestoreStage, RestoreKind>[] = [
  { stage: "preview", phase: "before opening", label: "event.restore/requested" },
  { stage: "preview", phase: "before opening", label: "restore.reading" },
  { stage: "preview", phase: "inside opening", label: "job.opening" },
  { stage: "preview", phase: "inside opening", label: "restore.opened" },
  { stage: "preview", phase: "after opening", label: "memo.open" },
  { stage: "preview", phase: "before reading", label: "job.reading" },
  { stage: "preview", phase: "inside reading", label: "ddl.staged", times: PARTS },
  { stage: "preview", phase: "inside reading", label: "ddl.staged.keyed", times: PARTS },
  { stage: "preview", phase: "inside closing what was read", label: "import.read", times: PARTS },
  { stage: "preview", phase: "inside closing what was read", label: "restore.checked" },
  { stage: "preview", phase: "after reading", label: "memo.stage" },
  { stage: "preview", phase: "inside comparing", label: "ddl.planned", times: PARTS },
  { stage: "preview", phase: "inside comparing", label: "import.planned", times: PARTS },
  { stage: "preview", phase: "after comparing", label: "memo.plan-0" },
  { stage: "preview", phase: "inside asking", label: "restore.ready" },
  { stage: "preview", phase: "after asking", label: "memo.open-plan-0" },
  { stage: "discard", phase: "inside discarding", label: "restore.cancelled" },
  { stage: "discard", phase: "after discarding", label: "event.restore/decided" },
  { stage: "discard", phase: "after discarding", label: "memo.roll-back" },
  { stage: "cancel", phase: "inside taking back", label: "chunk.undone" },
  { stage: "cancel", phase: "inside ending what was cancelled", label: "restore.cancelled" },
  { stage: "cancel", phase: "after ending what was cancelled", label: "memo.roll-back" },
  { stage: "run", phase: "inside deciding", label: "restore.saving" },
  { stage: "run", phase: "after deciding", label: "event.restore/decided" },
  { stage: "run", phase: "before the safety backup", label: "event.backup/requested" },
  { stage: "run", phase: "before the safety backup", label: "restore.safety-making" },
  { stage: "run", phase: "inside the safety backup", label: "job.writing" },
  { stage: "run", phase: "inside completing the safety backup", label: "backup.completed" },
  { stage: "run", phase: "after the safety backup", label: "restore.safety-made" },
  { stage: "run", phase: "inside claiming", label: "restore.restoring" },
  { stage: "run", phase: "after claiming", label: "memo.claim-0" },
  { stage: "run", phase: "inside applying", label: "chunk.begun", times: 4 },
  { stage: "run", phase: "inside applying", label: "chunk.written", times: 4 },
  { stage: "run", phase: "inside applying", label: "job.batch", times: 4 },
  {
    stage: "run",
    phase: "inside deleting",
    label: "chunk.deleted",
    times: 2,
    kinds: ["overwrite", "given-key"],
  },
  { stage: "run", phase: "after applying", label: "memo.apply-0-0" },
  { stage: "run", phase: "inside finishing", label: "restore.completed" },
  { stage: "run", phase: "after finishing", label: "memo.finish" },
  { stage: "undo", phase: "before undoing", label: "restore.undoing" },
  { stage: "undo", phase: "before undoing", label: "event.restore/undo.requested" },
  { stage: "undo", phase: "before undoing", label: "memo.claim-0" },
  { stage: "undo", phase: "inside undoing", label: "chunk.undone", times: 4 },
  { stage: "undo", phase: "inside undoing", label: "job.batch", times: 4 },
  { stage: "undo", phase: "after undoing", label: "memo.undo-0" },
  { stage: "undo", phase: "inside finishing the undo", label: "restore.undone" },
  { stage: "undo", phase: "after finishing the undo", label: "memo.finish" },
  { stage: "redo", phase: "before redoing", label: "restore.redoing" },
  { stage: "redo", phase: "before redoing", label: "memo.claim-0" },
  { stage: "redo", phase: "inside redoing", label: "chunk.undone", times: 4 },
  { stage: "redo", phase: "inside redoing", label: "job.batch", times: 4 },
  { stage: "redo", phase: "after redoing", label: "memo.redo-0" },
  { stage: "redo", phase: "inside finishing the redo", label: "restore.completed" },
  { stage: "redo", phase: "after finishing the redo", label: "memo.finish" },
];
