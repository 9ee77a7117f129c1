import { sql } from "drizzle-orm";
import {
  bigint,
  customType,
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

/** A stored field: the shape of lib/core/fields/types.ts, which this layer may not import. */
export interface StoredField {
  name: string;
  label: string;
  type: string;
  required: boolean;
  values?: string[];
  references?: string;
  semantic?: string;
  personal?: boolean;
}

const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

export const collections = pgTable(
  "collections",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    template: text(),
    fields: jsonb().$type<StoredField[]>().notNull(),
    /** Names of the fields whose equality makes two records the same one (strict matching). */
    keyFields: text("key_fields").array().notNull(),
    /** Fuzzy matching as the owner set it (lib/core/matching MatchRule); null = the template's own. */
    matching: jsonb(),
    recordCount: bigint("record_count", { mode: "number" }).notNull().default(0),
    /** Rises with every transaction that changes records or fields; plans are bound to it. */
    revision: bigint({ mode: "number" }).notNull().default(0),
    /** The import or undo that is writing now; one writer at a time. */
    writerId: uuid("writer_id"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("collections_owner_idx").on(t.ownerId, t.id)],
);

/**
 * Records of all collections. The key leads with the collection, so that one index serves lookups, keyset pages and
 * whole-collection scans; ids are time-ordered. `keyHash` is stored but not indexed: matching is a hash join over the
 * collection, and the index would cost more on every import than it ever saves. The reference to the collection is held
 * by triggers that run once per statement (migration 0012): a foreign key is checked for every row, which was a third of
 * the time of an import. The tables of notes below have the deleting half only; whoever writes them writes the
 * collection's row in the same transaction.
 */
export const records = pgTable(
  "records",
  {
    collectionId: uuid("collection_id").notNull(),
    id: uuid().notNull(),
    ownerId: uuid("owner_id").notNull(),
    version: integer().notNull().default(1),
    data: jsonb().$type<Record<string, string | number | boolean>>().notNull(),
    keyHash: bigint("key_hash", { mode: "bigint" }),
    /** The import that last wrote it; null = typed by hand or over the API. */
    sourceImportId: uuid("source_import_id"),
    changedXid: xid8("changed_xid")
      .notNull()
      .default(sql`pg_current_xact_id()`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ name: "records_pkey", columns: [t.collectionId, t.id] })],
);

/**
 * What a source last gave a record, for three-way merging: one row per record and import that gave something else than
 * before. A record at version 1 needs none, since its data are what its import gave. The source is the import's
 * `sourceKey`; imports that are undone no longer count.
 */
export const recordGivens = pgTable(
  "record_givens",
  {
    collectionId: uuid("collection_id").notNull(),
    recordId: uuid("record_id").notNull(),
    importId: uuid("import_id").notNull(),
    given: jsonb().$type<Record<string, string | number | boolean>>().notNull(),
    givenAt: timestamp("given_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.collectionId, t.recordId, t.importId] })],
);

/**
 * Changes of single records by hand or over the API: the state before each, by the version it led to. A deletion leads
 * to a version, too, which the record's putting back goes on from.
 */
export const recordEdits = pgTable(
  "record_edits",
  {
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    recordId: uuid("record_id").notNull(),
    /** The version after the change. */
    version: integer().notNull(),
    /** restore: a deleted record was put back; `before` is then empty and means nothing */
    kind: text().$type<"edit" | "revert" | "delete" | "restore">().notNull(),
    before: jsonb().$type<Record<string, string | number | boolean>>().notNull(),
    beforeSourceImportId: uuid("before_source_import_id"),
    /** Of a deletion: when the record had been made. */
    beforeCreatedAt: timestamp("before_created_at", { withTimezone: true }),
    byUserId: uuid("by_user_id").notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.collectionId, t.recordId, t.version] })],
);

/** Which record the id in a Ferry export became, so that references imported later still find it. */
export const recordOrigins = pgTable(
  "record_origins",
  {
    collectionId: uuid("collection_id").notNull(),
    originId: uuid("origin_id").notNull(),
    recordId: uuid("record_id").notNull(),
    importId: uuid("import_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.collectionId, t.originId, t.importId] })],
);
