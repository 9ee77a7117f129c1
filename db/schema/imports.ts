import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts";
import type { StoredField } from "./collections";
import { restores, type RestoredPart } from "./restores";

/**
 * Where an import stands. draft: uploaded and detected, mapping open · staging: rows are being read · planned: counts
 * are known, waits for a start or a decision · applying · completed · completed_with_errors · failed (nothing changed)
 * · rolled_back (changes were taken back) · cancelled · undoing · undone · redoing (an undo is being taken back)
 */
export type ImportState =
  | "draft"
  | "pending"
  | "staging"
  | "awaiting_review"
  | "applying"
  | "completed"
  | "completed_with_errors"
  | "failed"
  | "rolled_back"
  | "cancelled"
  | "undoing"
  | "undone"
  | "redoing";

export const imports = pgTable(
  "imports",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    uploadId: uuid("upload_id").notNull(),
    fileName: text("file_name").notNull(),
    jobId: uuid("job_id").notNull(),
    /** Null while a new collection is only planned; created when the import starts. */
    collectionId: uuid("collection_id"),
    newCollection: jsonb("new_collection").$type<{ name: string; template?: string } | null>(),
    state: text().$type<ImportState>().notNull().default("draft"),
    /** The complete detection (lib/core/formats Detection): reading again needs nothing else. */
    detection: jsonb().notNull(),
    mapping: jsonb().notNull(),
    options: jsonb().notNull(),
    /** Names the source for three-way merging: imports with the same key are deliveries of the same file. */
    sourceKey: text("source_key").notNull().default(""),
    /** Fields that its file fed: only of these can it be said what the source gave. */
    givenFields: text("given_fields").array().notNull().default([]),
    /** First 96 bits of the ids of the records it inserts; the rest is the row number. */
    idPrefix: text("id_prefix").notNull(),
    /** The import whose staged rows are imported again, in place of a file: all of them, or those that failed. */
    retryOf: jsonb("retry_of").$type<{ importId: string; rows: "all" | "failed" } | null>(),
    /** The restore that this is one collection of: its rows come from a backup, and it ends with the whole. */
    restoreId: uuid("restore_id").references(() => restores.id, { onDelete: "cascade" }),
    restored: jsonb().$type<RestoredPart>(),
    /** What staging found: rows, invalid ones, corrections, and where a damaged file broke off. */
    staged: jsonb(),
    /** The plan's counts by kind, and the collection revision they were made from. */
    plan: jsonb(),
    planRevision: bigint("plan_revision", { mode: "number" }),
    /** The revision whose plan a person has seen and approved. */
    approvedRevision: bigint("approved_revision", { mode: "number" }),
    /** What came into being with this import besides records, and goes with it. */
    created: jsonb().$type<{
      collection: boolean;
      fields: string[];
      /** Key of the collection that was found in the rows when all had been read; they were not matched by it. */
      keyField?: string;
      /** Of a restore that widened fields so that its records fit: all fields as they were before. */
      fieldsBefore?: StoredField[];
      /** What an undo has removed of it, for the redo: the collection's row, or field definitions. */
      removed?: { collection?: object; fields?: object[] };
    }>(),
    result: jsonb(),
    /** The undo under way or done: its job, the choices made, what it did. */
    undo: jsonb(),
    /** {code, message, where} of a permanent failure, in words for the person. */
    failure: jsonb(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    startedAt: timestamp("started_at", { withTimezone: true }),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
    /** When staged rows and the journal are dropped. */
    expiresAt: timestamp("expires_at", { withTimezone: true }),
  },
  (t) => [
    index("imports_owner_idx").on(t.ownerId, t.id),
    index("imports_expires_idx").on(t.expiresAt),
    index("imports_restore_idx")
      .on(t.restoreId)
      .where(sql`restore_id is not null`),
  ],
);

/** What a person decided about one conflict; it outlives re-planning, since a conflict is known by its row. */
export const importResolutions = pgTable(
  "import_resolutions",
  {
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id, { onDelete: "cascade" }),
    rowNumber: bigint("row_number", { mode: "number" }).notNull(),
    resolution: text().$type<"overwrite" | "skip" | "merge" | "keepBoth">().notNull(),
    /** For "merge" field by field: the values to set; null takes a field's value away. */
    patch: jsonb().$type<Record<string, string | number | boolean | null>>(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.rowNumber] })],
);

/** One applied chunk: the marker that makes a repeated step harmless, and the journal of its inserts as one id range. */
export const journalChunks = pgTable(
  "journal_chunks",
  {
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id, { onDelete: "cascade" }),
    chunk: integer().notNull(),
    firstRow: bigint("first_row", { mode: "number" }).notNull(),
    lastRow: bigint("last_row", { mode: "number" }).notNull(),
    inserted: integer().notNull(),
    updated: integer().notNull(),
    deleted: integer().notNull().default(0),
    skipped: integer().notNull().default(0),
    /** Records of the collection that the file does not have (strategy "replace"): one id range each, no rows. */
    isDeletion: boolean("is_deletion").notNull().default(false),
    /** Set when the chunk has been taken back (rollback or undo); a redo clears it. */
    undoneAt: timestamp("undone_at", { withTimezone: true }),
    /** The undo or redo that was the last to change the chunk. */
    undoId: uuid("undo_id"),
    appliedAt: timestamp("applied_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.chunk] })],
);

/**
 * Before-images of the records an import updated or deleted. A trigger removes them with their import (migration 0012);
 * its existence is vouched for by the chunk's row, which is written before them.
 */
export const journalEntries = pgTable(
  "journal_entries",
  {
    importId: uuid("import_id").notNull(),
    chunk: integer().notNull(),
    recordId: uuid("record_id").notNull(),
    op: text().$type<"update" | "delete">().notNull(),
    before: jsonb().notNull(),
    beforeVersion: integer("before_version").notNull(),
    beforeSourceImportId: uuid("before_source_import_id"),
    beforeCreatedAt: timestamp("before_created_at", { withTimezone: true }).notNull(),
    beforeUpdatedAt: timestamp("before_updated_at", { withTimezone: true }).notNull(),
    /**
     * The version an update led to; null for a deletion. 0: the change is no longer part of the import, since the record
     * was edited between an undo and its redo, which left it alone.
     */
    afterVersion: integer("after_version"),
  },
  // Led by the chunk, since an undo goes chunk by chunk. One index alone: a second one, for finding a record whatever its
  // chunk, would cost each row as much again; such look-ups name the chunks of the import.
  (t) => [primaryKey({ columns: [t.importId, t.chunk, t.recordId] })],
);

/** One undo or redo of an import, newest last; its id is that of its job. */
export const importUndos = pgTable(
  "import_undos",
  {
    id: uuid().primaryKey(),
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id, { onDelete: "cascade" }),
    kind: text().$type<"undo" | "redo">().notNull(),
    /** The choices about records edited since, and what was done. */
    choices: jsonb().notNull(),
    counts: jsonb(),
    state: text().$type<"pending" | "completed" | "failed">().notNull().default("pending"),
    startedAt: timestamp("started_at", { withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
  },
  (t) => [index("import_undos_import_idx").on(t.importId, t.id)],
);

/**
 * Which chunks an undo or redo has worked on. A record that was just as the chunk's journal says leaves nothing else
 * behind: what the import had made of it follows from the journal and the staged row (db/bulk/written-rows.ts).
 */
export const undoChunks = pgTable(
  "undo_chunks",
  {
    undoId: uuid("undo_id")
      .notNull()
      .references(() => importUndos.id, { onDelete: "cascade" }),
    chunk: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.undoId, t.chunk] })],
);

/**
 * The journal of an undo or redo: the state before it of each record that it changed, so that it can be taken back. Of
 * records that are just as the import had left them (or, for a redo, as the undo had) nothing is kept: the staged rows
 * and the import's own journal have them. A trigger removes them with their undo.
 */
export const undoEntries = pgTable(
  "undo_entries",
  {
    undoId: uuid("undo_id").notNull(),
    chunk: integer().notNull(),
    recordId: uuid("record_id").notNull(),
    /**
     * update: changed · delete: removed · insert: put back (before is null). Two tell of records of the import that an
     * undo or redo did nothing to, so that what follows leaves them alone, too: absent: was gone already · kept: edited
     * since
     */
    op: text().$type<"update" | "delete" | "insert" | "absent" | "kept">().notNull(),
    before: jsonb(),
    beforeVersion: integer("before_version"),
    beforeSourceImportId: uuid("before_source_import_id"),
    beforeCreatedAt: timestamp("before_created_at", { withTimezone: true }),
    beforeUpdatedAt: timestamp("before_updated_at", { withTimezone: true }),
    afterVersion: integer("after_version"),
  },
  (t) => [primaryKey({ columns: [t.undoId, t.chunk, t.recordId] })],
);
