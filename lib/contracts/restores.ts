import { z } from "zod";
import { pageQuery } from "@/lib/contracts/common";
import {
  type ImportFailure,
  type LaterImport,
  UndoResolution,
  type UndoPreviewView,
} from "@/lib/contracts/imports";
import type { Field } from "@/lib/core/fields/types";

/*
 * Restores (S10): a preview is a plan, and carrying it out is a job that can be undone.
 *
 *   POST   /api/v1/backups/{id}/preview   PreviewRestoreBody → 200 RestoreView, or 202 {id, planId, jobId, state} when it
 *                                         is not ready within `waitSeconds`; then ask for GET /api/v1/restores/{planId}
 *   POST   /api/v1/backups/{id}/restore   RunRestoreBody → 202 RestoreView (200 when done; honours Prefer: wait)
 *   POST   /api/v1/restores               PreviewUploadedBody → as the preview of a backup: from uploaded files
 *   GET    /api/v1/restores               ListRestoresQuery → Page<RestoreSummary>, newest first
 *   GET    /api/v1/restores/{id}          → RestoreView, at any time
 *   DELETE /api/v1/restores/{id}          → RestoreView: discards a plan, or cancels a restore (nothing of it remains)
 *   POST   /api/v1/restores/{id}/restore  RunRestoreBody without planId → as …/backups/{id}/restore
 *   GET    /api/v1/restores/{id}/undo     → RestoreUndoPreview
 *   POST   /api/v1/restores/{id}/undo     RestoreUndoBody → 202 RestoreView (200 when done; honours Prefer: wait)
 *   GET    /api/v1/restores/{id}/redo     → RestoreRedoPreview
 *   POST   /api/v1/restores/{id}/redo     → 202 RestoreView (200 when done; honours Prefer: wait)
 *
 * Each collection that differs has an import of its own (`importId`), which lists of imports leave out. While the plan
 * waits, `GET /api/v1/imports/{importId}/rows?status=new|updated|unchanged|skipped|invalid` lists what would happen,
 * `…/conflicts` the records that differ, and `…/resolve` takes decisions about them (`globalStrategy`,
 * `bulkResolutions`, `specificResolutions`; not `keepBoth`: a record that comes back has the id it had). An import of a
 * restore is not started, cancelled, undone or retried by itself: 409 `part-of-restore`.
 *
 * Errors: 403 `wrong-key` at once · 404 for what is somebody else's · 409 `plan-stale` when a collection of the plan has
 * changed since (that plan is over: make another) · 409 `conflicts-open` with `conflicts` · 409 `not-ready` · 410
 * `plan-expired` · 422 with the code of what is wrong with the backup (`damaged`, `incomplete`, `newer-format`,
 * `wrong-parent`, `chain-broken`, `parent-missing`, `not-a-backup`, `missing`, `key-needed`).
 */

/**
 * overwrite: collections become what they were in the backup. Records made since are removed (only where whole
 * collections are restored), changed ones changed back, also to empty; fields added since stay, with their values.
 * skip: only what is missing is added; nothing else changes.
 * merge: what is missing is added and empty fields are filled. Of fields that differ, today's value stays where only
 * today's side has moved since the backup; where that cannot be told, the record is a conflict for a person.
 * Collections made since the backup are not touched by any of them.
 */
export const RESTORE_STRATEGIES = ["overwrite", "skip", "merge"] as const;
export type RestoreStrategy = (typeof RESTORE_STRATEGIES)[number];

const Passphrase = z.string().min(1).max(1024);

/** What opens a backup that the server cannot open. Used while the request is answered, and never stored. */
const Key = {
  /** AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1…, or a passphrase. */
  identity: z
    .union([
      z.string().min(1).max(1024),
      z.object({ identity: z.string().min(1).max(200) }),
      z.object({ passphrase: Passphrase }),
    ])
    .optional(),
  passphrase: Passphrase.optional(),
};

/** What can be restored besides collections. */
export const RESTORABLE_CATEGORIES = ["preferences", "notifications"] as const;
export type RestorableCategory = (typeof RESTORABLE_CATEGORIES)[number];

const Categories = z
  .array(
    z.enum(RESTORABLE_CATEGORIES, {
      error: "Of the categories preferences and notifications can be restored; analytics are computed anew.",
    }),
  )
  .max(RESTORABLE_CATEGORIES.length);

const Scope = {
  /** Ids of collections as the backup has them; all of them when left out. */
  collections: z.union([z.literal("all"), z.array(z.uuid()).min(1).max(10_000)]).default("all"),
  /** Only these records. Then nothing is removed. */
  recordIds: z.array(z.uuid()).min(1).max(10_000).optional(),
  /** Only records in one of whose values this text occurs, whatever its case. Then nothing is removed. */
  search: z.string().trim().min(1).max(200).optional(),
  globalStrategy: z.enum(RESTORE_STRATEGIES).default("overwrite"),
  /**
   * Of the account's other data what is taken back; [] = none. Left out: none into the account that the backup is of; into
   * another one, on a restore of everything, the notification history, and the preferences where none would be replaced.
   */
  categories: Categories.optional(),
  /** How long the answer may wait for the plan. 0 = not at all. */
  waitSeconds: z.number().int().min(0).max(100).default(100),
};

export const PreviewRestoreBody = z.object({ ...Scope, ...Key });
export type PreviewRestore = z.output<typeof PreviewRestoreBody>;

/**
 * Files of another installation (or of this one, downloaded). Of an incremental backup all files of its chain, in any
 * order; the newest of them is what is restored.
 */
export const PreviewUploadedBody = z
  .object({
    uploadId: z.uuid().optional(),
    uploadIds: z.array(z.uuid()).min(1).max(100).optional(),
    ...Scope,
    ...Key,
  })
  .refine((body) => (body.uploadId === undefined) !== (body.uploadIds === undefined), {
    path: ["uploadId"],
    message: "Give either uploadId or uploadIds.",
  });
export type PreviewUploaded = z.output<typeof PreviewUploadedBody>;

const SpecificResolution = z.object({
  /** `conflictId` as GET /api/v1/imports/{importId}/conflicts gives it; with `importId`, or written "importId:conflictId". */
  conflictId: z.string().min(1).max(80),
  importId: z.uuid().optional(),
  /** null takes the decision back. */
  resolution: z.enum(RESTORE_STRATEGIES).nullable(),
  /** Of "merge": field by field. */
  fields: z
    .record(
      z.string(),
      z.union([
        z.enum(["existing", "incoming"]),
        z.object({ value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
      ]),
    )
    .optional(),
});

const Run = {
  /** The plan's own when left out. Another one is counted anew before anything is changed; it needs no new plan. */
  globalStrategy: z.enum(RESTORE_STRATEGIES).optional(),
  specificResolutions: z.array(SpecificResolution).max(10_000).optional(),
  /** Others than the plan has chosen; it needs no new plan. */
  categories: Categories.optional(),
  /**
   * Before anything changes a backup of today is made. When it cannot be made (no room, the store is away) the restore
   * stops; this lets it go on without. It is written down with the reason.
   */
  safetySnapshot: z
    .object({ override: z.literal(true), reason: z.string().trim().min(3).max(500) })
    .optional(),
};

export const RunPlanBody = z.object(Run);
export const RunRestoreBody = z.object({ planId: z.uuid(), ...Run });
export type RunRestore = z.output<typeof RunPlanBody>;

export const ListRestoresQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  /** Only those from this backup. */
  backupId: z.uuid().optional(),
});
export type ListRestores = z.output<typeof ListRestoresQuery>;

export const RestoreUndoBody = z.object({
  /** What becomes of records that were edited after the restore; without a word they are kept. */
  changedSince: z.enum(["keep", "revert"]).default("keep"),
  /** Other choices for single records, and within them for single fields, as an import's undo takes them. */
  specificResolutions: z
    .array(
      UndoResolution.extend({
        /** The import of the restore that the record belongs to; found out without it. */
        importId: z.uuid().optional(),
      }),
    )
    .max(100_000)
    .optional(),
});
export type RestoreUndo = z.output<typeof RestoreUndoBody>;

/**
 * pending · reading: the backup is decrypted, checked and laid beside today's records · ready: the plan waits (the job is
 * `awaiting_review`), until `expiresAt` · saving: the safety snapshot is made · restoring · completed ·
 * completed_with_errors: some records of the backup were not valid · failed: nothing was changed · rolled_back: changes
 * were taken back, exactly · cancelled · expired · undoing · undone · redoing
 */
export const RESTORE_STATES = [
  "pending",
  "reading",
  "ready",
  "saving",
  "restoring",
  "completed",
  "completed_with_errors",
  "failed",
  "rolled_back",
  "cancelled",
  "expired",
  "undoing",
  "undone",
  "redoing",
] as const;
export type RestoreState = (typeof RESTORE_STATES)[number];

/** Counted over records. Under the strategy of the plan they are what a restore then does. */
export interface RestoreCounts {
  /** Records that come back. */
  add: number;
  /** Records that get values of the backup. */
  change: number;
  /** Records made since the backup that are removed: only under "overwrite", where whole collections are restored. */
  delete: number;
  /** Records that stay as they are: equal to the backup's, or left alone by the strategy. */
  unchanged: number;
  /** Records that need a decision first: only under "merge". */
  conflicts: number;
}

type Values = Record<string, string | number | boolean>;

/** One record of a kind, as an example. `before` is today's, `after` what it becomes; null: there is none. */
export interface RestoreSample {
  kind: "add" | "change" | "delete" | "conflict";
  recordId: string;
  before: Values | null;
  after: Values | null;
}

export interface RestoreCollection extends RestoreCounts {
  /** As the backup has it. */
  backupCollectionId: string;
  /** Where its records go; another id than in the backup when that one is somebody else's. */
  collectionId: string;
  name: string;
  /** changed · same: nothing differs, and it has no import · missing: it is no more, and comes back */
  status: "changed" | "same" | "missing";
  /** The import that its rows, conflicts and decisions are asked of; null when nothing differs. */
  importId: string | null;
  /** Fields that come back with it, by name. */
  fieldsAdded: string[];
  /** Records that differ from the backup's, decided or not: all of them can be decided one by one. */
  differing: number;
  /** Records of the backup that are not valid any more; they are left out. */
  invalid: number;
  /** At most five of each kind. */
  samples: RestoreSample[];
}

/** A preference that is another one today than in the backup; null: it was, or is, not set. */
export interface PreferenceDifference {
  /** name: of the person · delivery: how they are told of a topic · matchingRule: of a collection */
  setting: "name" | "delivery" | "matchingRule";
  /** The topic, or the collection's id; empty for the account as a whole. */
  about: string;
  /** Of a matching rule: the collection's. */
  name: string | null;
  backup: unknown;
  today: unknown;
}

/** A category of the account in the backup, beside today's. */
export interface RestoreCategory {
  category: "preferences" | "notifications" | "analytics";
  /** Entries that the backup holds of it… */
  inBackup: number;
  /** …and that there were when the plan was made. */
  today: number;
  /** What restoring it changes: preferences that differ, notifications that are missing. */
  differing: number;
  /** False for analytics: they are computed from the records. */
  restorable: boolean;
  /** Whether the restore takes it back. */
  chosen: boolean;
  /** Of preferences, at most fifty. */
  differences: PreferenceDifference[];
}

export interface RestoreSource {
  kind: "backup" | "upload";
  /** Null for uploaded files. */
  backupId: string | null;
  uploadIds: string[];
  fileName: string;
  /** The moment that is restored; null until the backup has been opened. */
  snapshotAt: string | null;
}

/** `GET /api/v1/restores`. `id` and `planId` are the same. */
export interface RestoreSummary {
  id: string;
  planId: string;
  jobId: string;
  state: RestoreState;
  source: RestoreSource;
  scope: { collections: "all" | string[]; recordIds: string[] | null; search: string | null };
  globalStrategy: RestoreStrategy;
  /** Over all collections; null until the plan is made. */
  counts: (RestoreCounts & { collections: number; differing: number; invalid: number }) | null;
  /** What was done; null until it has ended. */
  result: {
    added: number;
    changed: number;
    deleted: number;
    unchanged: number;
    /** Left alone because somebody edited them in that very moment. */
    skipped: number;
    invalid: number;
    collectionsMade: number;
    /** Preferences that were set back, and notifications that came back. */
    preferences: number;
    notifications: number;
    durationMs: number;
  } | null;
  /** Why it failed, was cancelled, or waits again (the safety snapshot could not be made). */
  failure: ImportFailure | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** Until when a plan can be carried out; null in other states. */
  expiresAt: string | null;
  /** Until when it can be undone; null while it cannot. */
  undoableUntil: string | null;
}

export interface RestoreView extends RestoreSummary {
  /** All collections in the scope; empty until the plan is made. */
  perCollection: RestoreCollection[];
  /** Null until the plan is made; empty when the backup holds none: an earlier Ferry made it (format 1). */
  categories: RestoreCategory[] | null;
  /** The check of the backup that goes before everything: read whole, decrypted, compared with its manifest. */
  validation: {
    outcome: "sound" | "unsound";
    code?: string;
    message?: string;
    checkedAt: string;
    /** Files read: 1, or the members of a chain. */
    files: number;
    /** Records of the backup in the scope. */
    records: number;
    invalidRecords: number;
  } | null;
  /** What the person should know, in sentences. */
  warnings: string[];
  /**
   * The backup of today that goes before the changes. none: not yet · making · made · failed: the restore waits for a
   * word (state `ready`, `failure` says why) · overridden: it went on without, for `reason`
   */
  safetySnapshot: {
    state: "none" | "making" | "made" | "failed" | "overridden";
    backupId: string | null;
    failure: { code: string; message: string } | null;
    reason: string | null;
  };
  /** The last undo or redo, under way or done. */
  undo: {
    kind: "undo" | "redo";
    jobId: string;
    removed: number;
    restored: number;
    reinserted: number;
    kept: number;
    gone: number;
    /** Preferences and notifications that it has changed. */
    preferences: number;
    notifications: number;
  } | null;
}

/** What the undo of a restore would do, read-only. */
export interface RestoreUndoPreview {
  /** Records that came back with it, and go again. */
  toRemove: number;
  /** Records that get back what they had before. */
  toRestore: number;
  /** Records that it had removed. */
  toReinsert: number;
  changedSinceCount: number;
  /** Edited since: kept unless the person says otherwise. At most 1,000 are listed. */
  changedSince: (UndoPreviewView["changedSince"][number] & { importId: string; collectionName: string })[];
  /** Where records were edited since, with today's fields. */
  collections: { importId: string; collectionId: string; name: string; fields: Field[] }[];
  /** Collections that it had brought back, and that go again when they are empty then. */
  collectionsToRemove: { collectionId: string; name: string }[];
  /** A later restore stands there once, for all of its collections. */
  laterImports: LaterImport[];
  categories: CategoriesRun;
}

/** What an undo or redo would do besides collections. */
export interface CategoriesRun {
  /** Preferences that become what they were before. */
  preferences: number;
  /** Changed since: kept as they are, unless an undo is told to revert what was changed since. */
  preferencesChangedSince: number;
  /** Notifications that go again, or come back. */
  notifications: number;
}

export interface RestoreRedoPreview {
  toReinsert: number;
  toRestore: number;
  toRemove: number;
  changedSinceCount: number;
  categories: CategoriesRun;
}
