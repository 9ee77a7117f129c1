import {
  bigint,
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

export const uploads = pgTable(
  "uploads",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    contentType: text("content_type"),
    partSizeBytes: integer("part_size_bytes").notNull(),
    /** uploading · complete · aborted (its parts are removed) */
    state: text().$type<"uploading" | "complete" | "aborted">().notNull().default("uploading"),
    sha256: text(),
    detected: jsonb(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  },
  (t) => [
    index("uploads_owner_idx").on(t.ownerId, t.id),
    index("uploads_expires_idx").on(t.state, t.expiresAt),
  ],
);

export const uploadParts = pgTable(
  "upload_parts",
  {
    uploadId: uuid("upload_id")
      .notNull()
      .references(() => uploads.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    etag: text().notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** Where this part rests: a retried part is a new object, so that a half-written one never replaces a whole one. */
    storageKey: text("storage_key").notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.uploadId, t.number] })],
);
