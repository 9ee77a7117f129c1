import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  json,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** The embedded engine's own tables. Nothing outside `db/engine` reads or writes them. */
export const engineSchema = pgSchema("engine");

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** An event as it was received. `json`, not `jsonb`: the key order and `\u0000` of the sender survive. */
export const engineEvents = engineSchema.table(
  "event",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    /** The whole payload as functions get it: `{id, name, data, ts, …}`. */
    payload: json("payload").notNull(),
    receivedAt: moment("received_at").notNull().defaultNow(),
  },
  (t) => [index("event_received_at_idx").on(t.receivedAt)],
);

/** Keys that may act only once until they expire: event ids, function idempotency, cron ticks. */
export const engineOnce = engineSchema.table(
  "once",
  {
    key: text("key").primaryKey(),
    expiresAt: moment("expires_at").notNull(),
    /** What the key led to first: an event's id or a run's id. */
    ref: uuid("ref").notNull(),
  },
  (t) => [index("once_expires_at_idx").on(t.expiresAt)],
);

export const engineRuns = engineSchema.table(
  "run",
  {
    id: uuid("id").primaryKey(),
    functionId: text("function_id").notNull(),
    eventId: uuid("event_id")
      .notNull()
      .references(() => engineEvents.id),
    status: text("status", { enum: ["running", "completed", "failed", "cancelled"] })
      .notNull()
      .default("running"),
    /** `x-inngest-req-version` of the first answer; −1 lets the SDK decide. */
    requestVersion: integer("request_version").notNull().default(-1),
    /** Counts finished steps: gives `step.seq` its next value. */
    seq: integer("seq").notNull().default(0),
    /** Jobs of one priority run in the order of their runs: start of the run minus its priority in seconds. */
    rankAt: moment("rank_at").notNull(),
    concurrencyKeys: text("concurrency_keys").array(),
    concurrencyLimits: integer("concurrency_limits").array(),
    /** The invoking run and its step, if another run waits for this one. */
    parentRunId: uuid("parent_run_id"),
    parentStepId: text("parent_step_id"),
    output: json("output"),
    createdAt: moment("created_at").notNull().defaultNow(),
    endedAt: moment("ended_at"),
  },
  (t) => [
    index("run_event_id_idx").on(t.eventId),
    index("run_ended_at_idx")
      .on(t.endedAt)
      .where(sql`ended_at is not null`),
  ],
);

/** What the SDK reported about a step. `memo` is null until the step is done. */
export const engineSteps = engineSchema.table(
  "step",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => engineRuns.id, { onDelete: "cascade" }),
    /** SHA-1 of the step's id, as the SDK sends it. */
    id: text("id").notNull(),
    op: text("op").notNull(),
    name: text("name"),
    /** Sent with `opts.parallelMode: "race"`: its end is reported at once, not when all pending steps are done. */
    race: boolean("race").notNull().default(false),
    /** `{type: "data", data}` or `{type: "error", error}`. */
    memo: json("memo"),
    /** Order of completion within the run, from 1; null while pending. */
    seq: integer("seq"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.id] })],
);

/** Something a run listens for: the event of a waitForEvent, or one that cancels it (`step_id` is null). */
export const engineWaits = engineSchema.table(
  "wait",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    runId: uuid("run_id")
      .notNull()
      .references(() => engineRuns.id, { onDelete: "cascade" }),
    stepId: text("step_id"),
    eventName: text("event_name").notNull(),
    /** CEL; null matches every event of that name. */
    expression: text("expression"),
    expiresAt: moment("expires_at"),
  },
  (t) => [index("wait_event_name_idx").on(t.eventName), index("wait_run_id_idx").on(t.runId)],
);

/** A process that executes jobs. Its session holds the advisory lock (class, id); no lock means it is dead. */
export const engineWorkers = engineSchema.table("worker", {
  id: integer("id").primaryKey().generatedByDefaultAsIdentity(),
  startedAt: moment("started_at").notNull().defaultNow(),
});

/** Work that is due, and while `token` is set, the lease of the worker doing it. */
export const engineJobs = engineSchema.table(
  "job",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    /**
     * event: deliver it · discover: call the function · step: call it for one planned step ·
     * wake: end a sleep or a wait that timed out · cron: a tick.
     */
    kind: text("kind", { enum: ["event", "discover", "step", "wake", "cron"] }).notNull(),
    runId: uuid("run_id").references(() => engineRuns.id, { onDelete: "cascade" }),
    stepId: text("step_id"),
    eventId: uuid("event_id").references(() => engineEvents.id, { onDelete: "cascade" }),
    /** Cron jobs only: function, expression and tick; unique, so that a tick is armed once by all workers. */
    key: text("key").unique("job_key_unique"),
    /** Failed attempts so far. */
    attempt: integer("attempt").notNull().default(0),
    /** Workers that died holding this job since its last progress: a step that kills its process must not do so for ever. */
    crashes: integer("crashes").notNull().default(0),
    dueAt: moment("due_at").notNull().defaultNow(),
    rankAt: moment("rank_at").notNull().defaultNow(),
    concurrencyKeys: text("concurrency_keys").array(),
    concurrencyLimits: integer("concurrency_limits").array(),
    workerId: integer("worker_id"),
    /** Fences the lease: whoever reports with another token is stale. */
    token: uuid("token"),
    /** A lease that is not renewed by a checkpoint until then belongs to a step that hangs. */
    deadlineAt: moment("deadline_at"),
  },
  (t) => [
    index("job_due_idx")
      .on(t.dueAt)
      .where(sql`token is null`),
    index("job_leased_idx")
      .on(t.deadlineAt)
      .where(sql`token is not null`),
    index("job_token_idx")
      .on(t.token)
      .where(sql`token is not null`),
    index("job_run_id_idx").on(t.runId),
  ],
);
