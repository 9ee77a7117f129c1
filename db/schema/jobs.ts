import { sql } from "drizzle-orm";
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts";

export type JobState =
  | "pending"
  | "processing"
  | "awaiting_review"
  | "retrying"
  | "paused"
  | "completed"
  | "completed_with_errors"
  | "failed"
  | "cancelled"
  | "rolled_back";

export type JobKind = "import" | "export" | "undo" | "backup" | "restore";
/** What is done with the subject. The kind `undo` stands for undoing and for redoing. */
export type JobAction = "run" | "undo" | "redo" | "verify";

export const jobs = pgTable(
  "jobs",
  {
    id: uuid().primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text().$type<JobKind>().notNull(),
    /** The import, export… this job works for. */
    subjectId: uuid("subject_id").notNull(),
    action: text().$type<JobAction>().notNull().default("run"),
    /** Of the kind `undo`: what the subject is. Of the others the kind says it. */
    undoes: text().$type<"import" | "restore">(),
    title: text().notNull(),
    state: text().$type<JobState>().notNull().default("pending"),
    phase: text(),
    total: bigint({ mode: "number" }),
    processed: bigint({ mode: "number" }).notNull().default(0),
    succeeded: bigint({ mode: "number" }).notNull().default(0),
    failed: bigint({ mode: "number" }).notNull().default(0),
    percentage: real().notNull().default(0),
    batch: integer().notNull().default(0),
    rowsPerSecond: real("rows_per_second"),
    secondsLeft: real("seconds_left"),
    attempt: integer().notNull().default(1),
    /** Attempts at the present step, the first included; `retry` is what a person reads: attempt n of 3. */
    attemptsMax: integer("attempts_max").notNull().default(4),
    recentErrors: jsonb("recent_errors")
      .$type<{ row?: number; fileRow?: number; field?: string; code: string; message: string }[]>()
      .notNull()
      .default([]),
    /** The passing fault the work is recovering from: the retry's number, why, and when; null while all is well. */
    retry: jsonb().$type<{ number: number; of: number; reason: string; nextAt: string | null } | null>(),
    /** Something the person should know while the job waits: that it is about to expire. */
    notice: text(),
    /** Asked for by the person; the function looks between chunks. */
    cancelRequestedAt: timestamp("cancel_requested_at", { withTimezone: true }),
    /** What a cancelled import leaves: nothing (rolled back), or what is in already. */
    cancelLeaves: text("cancel_leaves").$type<"nothing" | "applied">().notNull().default("nothing"),
    /** Asked for by the person; the function stops between chunks until it is resumed. */
    pauseRequestedAt: timestamp("pause_requested_at", { withTimezone: true }),
    /** The number of the last event; events of one job are numbered without a gap. */
    eventSeq: integer("event_seq").notNull().default(0),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    startedAt: timestamp("started_at", { withTimezone: true }),
    /** When the present phase began: rates are per phase. */
    phaseStartedAt: timestamp("phase_started_at", { withTimezone: true }),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
  },
  (t) => [
    index("jobs_owner_idx").on(t.ownerId, t.id),
    index("jobs_subject_idx").on(t.subjectId),
    // What may be waiting for an event that was lost is looked for every few seconds.
    index("jobs_unfinished_idx")
      .on(t.state)
      .where(sql`finished_at is null`),
  ],
);

export const jobEvents = pgTable(
  "job_events",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id, { onDelete: "cascade" }),
    seq: integer().notNull(),
    /** Rises over all jobs: the cursor of the per-user stream. */
    position: bigint({ mode: "number" }).generatedAlwaysAsIdentity(),
    ownerId: uuid("owner_id").notNull(),
    event: text().notNull(),
    data: jsonb().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.seq] }), index("job_events_owner_idx").on(t.ownerId, t.position)],
);
