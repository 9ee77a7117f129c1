import { sql } from "drizzle-orm";
import {
  bigint,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts";

const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });
const pgSnapshot = customType<{ data: string }>({ dataType: () => "pg_snapshot" });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** To whom a backup is encrypted. Of a passphrase nothing is kept. */
export type BackupEncryption =
  { mode: "server" } | { mode: "recipients"; recipients: string[] } | { mode: "passphrase" };

export type BackupState = "pending" | "processing" | "completed" | "failed" | "cancelled";

/** Lines of each kind; of the categories only where the backup holds them. */
export interface StoredBackupCounts {
  collections: number;
  records: number;
  deletions: number;
  preferences?: number;
  notifications?: number;
  analytics?: number;
}

/** What a check of a backup found. */
export interface BackupCheck {
  outcome: "sound" | "unsound";
  /** content: decrypted and read whole; stored-bytes: no key was at hand, the encrypted bytes are those written. */
  depth: "content" | "stored-bytes";
  code?: string;
  message?: string;
}

/**
 * The key that a user's backups are encrypted to unless they say otherwise: an age identity, sealed with a key derived
 * from APP_SECRET. Only the newest (not retired) is written to; the others open what was written before.
 */
export const backupKeys = pgTable(
  "backup_keys",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** age1… */
    recipient: text().notNull(),
    /** AES-256-GCM: nonce, ciphertext, tag; bound to this row's id and owner. */
    sealedIdentity: bytea("sealed_identity").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    retiredAt: timestamp("retired_at", { withTimezone: true }),
  },
  (t) => [
    uniqueIndex("backup_keys_present_idx")
      .on(t.ownerId)
      .where(sql`retired_at is null`),
  ],
);

export const backups = pgTable(
  "backups",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    jobId: uuid("job_id").notNull(),
    /** What it became: an incremental one that was asked for is a full one where no chain can go on. */
    kind: text().$type<"full" | "incremental">().notNull(),
    reason: text().$type<"manual" | "schedule" | "safety">().notNull().default("manual"),
    state: text().$type<BackupState>().notNull().default("pending"),
    encryption: jsonb().$type<BackupEncryption>().notNull(),
    /** Of mode server: the key it is encrypted to. */
    keyId: uuid("key_id").references(() => backupKeys.id, { onDelete: "cascade" }),
    /** A passphrase is forgotten once this header is made of it… */
    preparedHeader: bytea("prepared_header"),
    /** …and the file key it wraps is kept, sealed, until the backup ends. */
    sealedFileKey: bytea("sealed_file_key"),
    /** A chain has at most this many members. */
    fullEvery: integer("full_every").notNull(),
    parentId: uuid("parent_id"),
    /** The full backup that its chain begins with: itself, when it is one. */
    chainId: uuid("chain_id").notNull(),
    /** 0 for a full one. */
    position: integer().notNull().default(0),
    /** What its transaction saw; only means something to the database of `databaseSystem`. */
    snapshot: pgSnapshot(),
    databaseSystem: text("database_system"),
    snapshotAt: timestamp("snapshot_at", { withTimezone: true }),
    storageKey: text("storage_key"),
    /** Under which its attempts wrote: each under a key of its own, so that none replaces what another has finished. */
    attemptKeys: text("attempt_keys")
      .array()
      .notNull()
      .default(sql`'{}'`),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    /** Of the encrypted file. */
    sha256: text(),
    manifestSha256: text("manifest_sha256"),
    counts: jsonb().$type<StoredBackupCounts>(),
    failure: jsonb().$type<{ code: string; message: string }>(),
    checkJobId: uuid("check_job_id"),
    /** The file key for a check that its owner gave a key for; sealed, and gone when the check has ended. */
    checkSealedFileKey: bytea("check_sealed_file_key"),
    checkResult: jsonb("check_result").$type<BackupCheck>(),
    checkedAt: timestamp("checked_at", { withTimezone: true }),
    drillResult: jsonb("drill_result").$type<BackupCheck>(),
    drilledAt: timestamp("drilled_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
    /** Marked as deleted; can be taken back until `removeAt`. */
    deletedAt: timestamp("deleted_at", { withTimezone: true }),
    removeAt: timestamp("remove_at", { withTimezone: true }),
    /** Taken back by its owner: no policy removes it again; only its owner does. */
    keptByHandAt: timestamp("kept_by_hand_at", { withTimezone: true }),
    /** Of a scheduled one: the run that it was made for, which has no other. */
    scheduledFor: timestamp("scheduled_for", { withTimezone: true }),
  },
  (t) => [
    uniqueIndex("backups_run_idx").on(t.ownerId, t.scheduledFor),
    index("backups_owner_idx").on(t.ownerId, t.id),
    index("backups_remove_idx")
      .on(t.removeAt)
      .where(sql`remove_at is not null`),
    index("backups_parent_idx").on(t.parentId),
    // No row that another goes on from can be removed.
    foreignKey({ name: "backups_parent_fk", columns: [t.parentId], foreignColumns: [t.id] }),
  ],
);

/**
 * Whose deleted records are noted in `record_deletions`. A backup can be gone on from when its snapshot saw `begunXid`
 * and begins at or after `keptFrom`: then every deletion since is there.
 */
export const backupTracking = pgTable("backup_tracking", {
  ownerId: uuid("owner_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** The transaction that began it. */
  begunXid: xid8("begun_xid")
    .notNull()
    .default(sql`pg_current_xact_id()`),
  /** Deletions by earlier transactions have been cleared away. */
  keptFrom: xid8("kept_from")
    .notNull()
    .default(sql`'0'::xid8`),
});

/**
 * Records that were deleted, written by a trigger on `records` (statement by statement) for those owners that are
 * tracked. Records that go with their collection are not among them: each backup lists all collections. No foreign keys:
 * they would be checked for every record of a collection that is emptied.
 */
export const recordDeletions = pgTable(
  "record_deletions",
  {
    ownerId: uuid("owner_id").notNull(),
    deletedXid: xid8("deleted_xid")
      .notNull()
      .default(sql`pg_current_xact_id()`),
    collectionId: uuid("collection_id").notNull(),
    recordId: uuid("record_id").notNull(),
  },
  (t) => [index("record_deletions_owner_idx").on(t.ownerId, t.deletedXid)],
);
