import { sql } from "drizzle-orm";
import { bigint, index, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";

export type NoticeKind =
  "backup-failed" | "backup-overdue" | "backup-unsound" | "backup-well-again" | "clock-set-back";

/** What a user is told without having asked. One that tells of trouble stands open until the trouble is over. */
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
    /** The backup it is about, if it is about one. */
    subjectId: uuid("subject_id"),
    title: text().notNull(),
    message: text().notNull(),
    /** Of the sequence of `job_events`, drawn under the owner's lock: one cursor for all that a user's stream tells. */
    position: bigint({ mode: "number" })
      .notNull()
      .default(sql`nextval('job_events_position_seq')`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    readAt: timestamp("read_at", { withTimezone: true }),
    resolvedAt: timestamp("resolved_at", { withTimezone: true }),
  },
  (t) => [
    index("notices_owner_idx").on(t.ownerId, t.position),
    uniqueIndex("notices_open_idx")
      .on(t.ownerId, t.fact)
      .where(sql`resolved_at is null`),
  ],
);
