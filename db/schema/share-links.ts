import { index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";
import { exports } from "./exports";

/** "opened": its particulars were shown, after the password where there is one. "downloaded": a download was begun. */
export type ShareAccessKind = "opened" | "downloaded" | "wrong-password";

/** A way to the file of an export for people without an account. Of its token and its password only hashes are stored. */
export const shareLinks = pgTable(
  "share_links",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    exportId: uuid("export_id")
      .notNull()
      .references(() => exports.id, { onDelete: "cascade" }),
    tokenHash: text("token_hash").notNull().unique(),
    passwordHash: text("password_hash"),
    /** Never after the file's own. */
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    downloadsMax: integer("downloads_max"),
    downloadCount: integer("download_count").notNull().default(0),
    openCount: integer("open_count").notNull().default(0),
    /** The last time that it was opened or downloaded from. */
    lastAccessAt: timestamp("last_access_at", { withTimezone: true }),
    revokedAt: timestamp("revoked_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index("share_links_export_idx").on(t.exportId, t.id), index("share_links_owner_idx").on(t.ownerId)],
);

/** When a share link was used. Nothing is kept about who used it. */
export const shareAccesses = pgTable(
  "share_accesses",
  {
    id: uuid().primaryKey(),
    shareId: uuid("share_id")
      .notNull()
      .references(() => shareLinks.id, { onDelete: "cascade" }),
    kind: text().$type<ShareAccessKind>().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index("share_accesses_share_idx").on(t.shareId, t.id)],
);
