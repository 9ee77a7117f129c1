import { bigint, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";

export const exports = pgTable(
  "exports",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    jobId: uuid("job_id").notNull(),
    request: jsonb().notNull(),
    state: text()
      .$type<"pending" | "processing" | "completed" | "failed" | "cancelled">()
      .notNull()
      .default("pending"),
    fileName: text("file_name").notNull(),
    contentType: text("content_type").notNull(),
    storageKey: text("storage_key"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: text(),
    /** What the file says that it withholds (core/privacy), shortened; null when nothing was to be withheld. */
    privacy: jsonb(),
    failure: jsonb(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  },
  (t) => [index("exports_owner_idx").on(t.ownerId, t.id), index("exports_expires_idx").on(t.expiresAt)],
);
