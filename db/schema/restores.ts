import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";
import type { StoredField } from "./collections";
import type { NoticeKind, NoticeMailState } from "./notices";

/** See lib/contracts/restores.ts. */
export type RestoreState =
  | "pending"
  | "reading"
  | "ready"
  | "saving"
  | "restoring"
  | "completed"
  | "completed_with_errors"
  | "failed"
  | "rolled_back"
  | "cancelled"
  | "expired"
  | "undoing"
  | "undone"
  | "redoing";

type Values = Record<string, string | number | boolean>;

export interface StoredSample {
  kind: "add" | "change" | "delete" | "conflict";
  recordId: string;
  before: Values | null;
  after: Values | null;
}

/** What an import that is one collection of a restore brings besides rows. */
export interface RestoredPart {
  /** The collection as the backup has it… */
  backupCollectionId: string;
  /** …and where its records go: the same, unless that id is somebody else's. */
  collectionId: string;
  name: string;
  /** The collection is no more: it is made like this. */
  made: {
    template: string | null;
    keyFields: string[];
    matching: unknown;
    createdAt: string;
  } | null;
  /** All fields as they will be. */
  fields: StoredField[];
  /** Names of the fields of the backup, in its order: those that its records fill. */
  filled: string[];
  /** The whole collection is restored: records that the backup does not have may be removed. */
  whole: boolean;
  /** Today's records descend from the backup's: a higher version says that only today's side has moved since. */
  isOwnHistory: boolean;
  /** Records made since the backup. */
  gone?: number;
  samples?: StoredSample[];
}

/** A collection of the backup that the restore covers. */
export interface PlannedCollection {
  backupCollectionId: string;
  collectionId: string;
  name: string;
  /** Null when nothing differs. */
  importId: string | null;
  status: "changed" | "same" | "missing";
  /** The collection's when it was compared; null when it is no more. Of one with an import, the import's plan has it. */
  revision: number | null;
  /** Records that the backup holds of it. */
  records: number;
  fieldsAdded: string[];
}

/** A preference that is another one today than in the backup; null: it was, or is, not set. */
export interface StoredDifference {
  setting: "name" | "delivery" | "matchingRule";
  /** The topic, or the collection's id; empty for the account as a whole. */
  about: string;
  /** Of a matching rule: the collection's. */
  name: string | null;
  backup: unknown;
  today: unknown;
}

/** What the backup holds besides collections, beside today's. Entries of each, in the backup and today. */
export interface PlannedCategories {
  preferences: { inBackup: number; today: number; differing: number; differences: StoredDifference[] };
  /** missing: not there today. */
  notifications: { inBackup: number; today: number; missing: number };
  analytics: { inBackup: number; today: number };
}

/** What can be restored besides collections. */
export type RestorableCategory = "preferences" | "notifications";

export interface RestorePlan {
  /** Of the backup that is restored. */
  snapshotAt: string;
  ownerId: string;
  /** Backups or uploads, oldest first; what is read again must have the same manifest. */
  files: { id: string; manifestSha256: string }[];
  collections: PlannedCollection[];
  /** When every file had been read whole and compared with its manifest. */
  checkedAt?: string;
  /** Left out when the backup holds none: it is of format 1. */
  categories?: PlannedCategories;
  warnings: string[];
}

export interface SafetySnapshot {
  state: "none" | "making" | "made" | "failed" | "overridden";
  backupId: string | null;
  failure: { code: string; message: string } | null;
  reason: string | null;
}

export interface RestoreResult {
  added: number;
  changed: number;
  deleted: number;
  unchanged: number;
  skipped: number;
  invalid: number;
  collectionsMade: number;
  /** Preferences that were set back. */
  preferences: number;
  /** Notifications that came back. */
  notifications: number;
  durationMs: number;
}

export interface RestoreUndoState {
  kind: "undo" | "redo";
  jobId: string;
  changedSince: "keep" | "revert";
  /** Preferences and notifications that it has set back, or brought in again; once it is done. */
  moved?: { preferences: number; notifications: number };
  /** The state of the restore with its result standing. */
  standing: "completed" | "completed_with_errors";
}

/**
 * A backup being laid over today's records, or laid over them. Each collection that differs is an import of its own
 * (`imports.restore_id`); the restore makes them one: planned, carried out and taken back together.
 */
export const restores = pgTable(
  "restores",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    jobId: uuid("job_id").notNull(),
    /** Null when it comes from uploaded files. The backup may be gone by now. */
    backupId: uuid("backup_id"),
    uploadIds: uuid("upload_ids").array().notNull().default([]),
    fileName: text("file_name").notNull(),
    scope: jsonb()
      .$type<{ collections: "all" | string[]; recordIds: string[] | null; search: string | null }>()
      .notNull(),
    strategy: text().$type<"overwrite" | "skip" | "merge">().notNull(),
    /** What is restored besides collections: as asked for, else as the plan proposes. */
    categories: text().array().$type<RestorableCategory[]>(),
    state: text().$type<RestoreState>().notNull().default("pending"),
    /** File keys by backup or upload, sealed; gone when the files have been read. */
    sealedFileKeys: jsonb("sealed_file_keys").$type<Record<string, string>>(),
    plan: jsonb().$type<RestorePlan>(),
    /** The attempt at staging that may write: the latest. One that hung meanwhile may not. */
    stagingAttempt: uuid("staging_attempt"),
    safety: jsonb()
      .$type<SafetySnapshot>()
      .notNull()
      .default({ state: "none", backupId: null, failure: null, reason: null }),
    result: jsonb().$type<RestoreResult>(),
    undo: jsonb().$type<RestoreUndoState>(),
    failure: jsonb().$type<{ code: string; message: string }>(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    /** When it was carried out. */
    startedAt: timestamp("started_at", { withTimezone: true }),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
    /** Until when the plan can be carried out; of a finished one, until when it can be undone. */
    expiresAt: timestamp("expires_at", { withTimezone: true }),
  },
  (t) => [
    index("restores_owner_idx").on(t.ownerId, t.id),
    index("restores_backup_idx")
      .on(t.backupId)
      .where(sql`backup_id is not null`),
  ],
);

/**
 * staged: read from the backup; of what was restored it is what had not to be changed · standing: the restore has brought
 * it in · undone: its undo has taken it out
 */
export type RestoredEntryState = "staged" | "standing" | "undone";

/** Preferences of a backup that is being restored, and once they are, what there was before. */
export const restoreSettings = pgTable(
  "restore_settings",
  {
    restoreId: uuid("restore_id")
      .notNull()
      .references(() => restores.id, { onDelete: "cascade" }),
    setting: text().$type<StoredDifference["setting"]>().notNull(),
    about: text().notNull(),
    /** Null: not set then. */
    before: jsonb(),
    /** The backup's. Null: not set in it. */
    after: jsonb(),
    state: text().$type<RestoredEntryState>().notNull().default("staged"),
  },
  (t) => [primaryKey({ columns: [t.restoreId, t.setting, t.about] })],
);

/** Notifications of a backup that is being restored, as far as they were not there. */
export const restoreNotices = pgTable(
  "restore_notices",
  {
    restoreId: uuid("restore_id")
      .notNull()
      .references(() => restores.id, { onDelete: "cascade" }),
    /** That it has, or is going to have, in this account. */
    id: uuid().notNull(),
    kind: text().$type<NoticeKind>().notNull(),
    subjectId: uuid("subject_id"),
    title: text().notNull(),
    message: text().notNull(),
    mailState: text("mail_state").$type<NoticeMailState>().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
    readAt: timestamp("read_at", { withTimezone: true }),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
    state: text().$type<RestoredEntryState>().notNull().default("staged"),
  },
  (t) => [primaryKey({ columns: [t.restoreId, t.id] })],
);

/** What was done with an account's data as a whole; rows are only ever added. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    action: text().notNull(),
    subjectId: uuid("subject_id").notNull(),
    detail: jsonb().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("audit_entries_owner_idx").on(t.ownerId, t.id)],
);
