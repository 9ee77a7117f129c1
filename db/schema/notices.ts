import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts";

export type NoticeKind =
  | "backup-failed"
  | "backup-overdue"
  | "backup-unsound"
  | "backup-well-again"
  | "backup-made"
  | "clock-set-back"
  | "export-finished"
  | "export-failed"
  | "restore-finished"
  | "restore-failed";

/** none: nobody wants it by mail, or no mail is set up; failed: given up, and shown in the app instead. */
export type NoticeMailState = "none" | "due" | "sent" | "failed";

/**
 * What a user is told without having asked. One that tells of trouble stands open until the trouble is over; news is over
 * when it is told. The row is also the outbox of the mail that tells the same.
 */
export const notices = pgTable(
  "notices",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text().$type<NoticeKind>().notNull(),
    /** What it is about, named so that the same is told once: at most one open notice of a user has it. */
    fact: text().notNull(),
    /** The backup, export or restore it is about, if it is about one. */
    subjectId: uuid("subject_id"),
    title: text().notNull(),
    message: text().notNull(),
    /** False: only mailed, or told not at all, and kept to know that it was. */
    inApp: boolean("in_app").notNull().default(true),
    mailState: text("mail_state").$type<NoticeMailState>().notNull().default("none"),
    /** While due: from when on it may be tried. Who tries moves it ahead first, so that nobody else does meanwhile. */
    mailDueAt: timestamp("mail_due_at", { withTimezone: true }),
    mailAttempts: integer("mail_attempts").notNull().default(0),
    mailedAt: timestamp("mailed_at", { withTimezone: true }),
    /** Of the sequence of `job_events`, drawn under the owner's lock: one cursor for all that a user's stream tells. */
    position: bigint({ mode: "number" })
      .notNull()
      .default(sql`nextval('job_events_position_seq')`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    readAt: timestamp("read_at", { withTimezone: true }),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
    /** When a restore brought it back, if one did: it is forgotten as long after that as news is. */
    restoredAt: timestamp("restored_at", { withTimezone: true }),
  },
  (t) => [
    index("notices_owner_idx").on(t.ownerId, t.position),
    uniqueIndex("notices_open_idx")
      .on(t.ownerId, t.fact)
      .where(sql`resolved_at is null`),
    index("notices_unread_idx")
      .on(t.ownerId)
      .where(sql`read_at is null and in_app`),
    index("notices_mail_idx")
      .on(t.mailDueAt)
      .where(sql`mail_state = 'due'`),
  ],
);

/** How a user wants to be told, topic by topic; without a row, as Ferry does by itself. */
export const notificationPreferences = pgTable(
  "notification_preferences",
  {
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** See lib/contracts/notifications.ts. */
    topic: text().notNull(),
    inApp: boolean("in_app").notNull(),
    byMail: boolean("by_mail").notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.topic] })],
);
