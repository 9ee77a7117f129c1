import type { AnySql, SqlTransaction } from "@/db/client";
import type { JobAction, JobKind, JobState } from "@/db/schema";
import { newId } from "@/lib/platform/ids";

/** A job as clients see it (`GET /api/v1/jobs/{id}`), and the data of each of its events. */
export interface JobView {
  id: string;
  kind: JobKind;
  subjectId: string;
  /** What `subjectId` names. */
  subjectKind: Exclude<JobKind, "undo">;
  action: JobAction;
  title: string;
  state: JobState;
  phase: string | null;
  counts: { total: number | null; processed: number; succeeded: number; failed: number };
  percentage: number;
  batch: number;
  rowsPerSecond: number | null;
  secondsLeft: number | null;
  attempt: number;
  attemptsMax: number;
  recentErrors: JobError[];
  /** Set while a passing fault is being recovered from: attempt `number` of `of`, tried again at `nextAt`. */
  retry: JobRetry | null;
  /** Asked for, and perhaps not yet reached: the job pauses at the end of its present batch. */
  pauseRequested: boolean;
  /** What the person should know while the job waits. */
  notice: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface JobRetry {
  number: number;
  of: number;
  /** In plain words. */
  reason: string;
  /** Null once the attempt is under way. */
  nextAt: string | null;
}

export interface JobError {
  row?: number;
  fileRow?: number;
  field?: string;
  code: string;
  message: string;
}

export type JobEventName =
  | "progress"
  | "batch_complete"
  | "batch_partial"
  | "retrying"
  | "awaiting_review"
  | "completed"
  | "failed"
  | "cancelled";

export interface JobChange {
  event: JobEventName;
  state?: JobState;
  /** A phase that differs from the present one restarts processed, rate and time left; its total must come along. */
  phase?: { name: string; total: number | null };
  /** Replaces the phase's processed count… */
  processed?: number;
  /** …or adds to the counts: parallel chunks each add their own. */
  add?: { processed?: number; succeeded?: number; failed?: number; batch?: number };
  succeeded?: number;
  failed?: number;
  /** Where the present phase lies in the whole, in per cent: [0, 50] for the first half. */
  range?: [from: number, to: number];
  attempt?: number;
  /** Why it is tried again; any other state than "retrying" forgets it. */
  retry?: JobRetry;
  /** Said until the state or the phase changes. */
  notice?: string;
  recentErrors?: JobError[];
}

const TERMINAL: readonly JobState[] = [
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
  "rolled_back",
];

export function isTerminal(state: JobState): boolean {
  return TERMINAL.includes(state);
}

type NewJob = { ownerId: string; subjectId: string; title: string; id?: string } & (
  | { kind: Exclude<JobKind, "undo">; action?: "run" | "verify" }
  | { kind: "undo"; undoes: "import" | "restore"; action: "undo" | "redo" }
);

export async function createJob(sql: AnySql, job: NewJob): Promise<string> {
  const id = job.id ?? newId();
  const undoes = job.kind === "undo" ? job.undoes : null;
  await sql`insert into jobs (id, owner_id, kind, subject_id, action, undoes, title)
            values (${id}, ${job.ownerId}, ${job.kind}, ${job.subjectId}, ${job.action ?? "run"}, ${undoes}, ${job.title})`;
  return id;
}

/** Any number, the same in every process: the class of the locks that order one owner's events. */
const OWNER_EVENTS_LOCK = 4_620_713;

/** Whoever draws a position of `job_events` for something else of an owner takes this lock first, last of all locks. */
export async function lockOwnerEvents(tx: SqlTransaction, ownerId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(${OWNER_EVENTS_LOCK}::int, hashtext(${ownerId}))`;
}

/**
 * Changes a job, appends the event that tells of it, and wakes every listener: all in the caller's transaction (or one
 * of its own), so that progress is exactly what was committed. The job's row lock numbers the events without a gap. A
 * lock of the owner, drawn before `position` and held until the commit too, makes positions of one owner appear in
 * their order: a stream that has read up to one never has to look behind it. Take both last in a transaction, since
 * whoever advances a job of this owner waits for them.
 */
export async function advanceJob(sql: AnySql, jobId: string, change: JobChange): Promise<JobView> {
  return "begin" in sql
    ? sql.begin((tx) => advanceInside(tx, jobId, change))
    : advanceInside(sql, jobId, change);
}

/**
 * The same unless the job has ended, undefined then: what somebody says who hung while another one did the work must not
 * open it again.
 */
export async function advanceOpenJob(
  sql: AnySql,
  jobId: string,
  change: JobChange,
): Promise<JobView | undefined> {
  const within = async (tx: SqlTransaction) => {
    const [open] = await tx`select from jobs where id = ${jobId} and finished_at is null for update`;
    return open && (await advanceInside(tx, jobId, change));
  };
  return "begin" in sql ? sql.begin(within) : within(sql);
}

async function advanceInside(sql: SqlTransaction, jobId: string, change: JobChange): Promise<JobView> {
  const phase = change.phase?.name ?? null;
  const state = change.state ?? null;
  const finished = state !== null && isTerminal(state);
  const [from, to] = change.range ?? [null, null];
  const [row] = await sql<JobRow[]>`
    with next as (
      -- Everything is taken from the locked row: a second look at jobs would show the state before a parallel change.
      select id, processed, phase_started_at as began_at,
        (${phase}::text is not null and phase is distinct from ${phase}::text) as new_phase,
        case when ${phase}::text is not null and phase is distinct from ${phase}::text
             then ${change.phase?.total ?? null}::bigint
             else coalesce(${change.phase?.total ?? null}::bigint, total) end as total
      from jobs where id = ${jobId} for update
    ), counted as (
      select id, new_phase, total,
        case when new_phase then coalesce(${change.processed ?? null}::bigint, ${change.add?.processed ?? 0}::bigint)
             else coalesce(${change.processed ?? null}::bigint, processed + ${change.add?.processed ?? 0}::bigint)
        end as processed,
        case when new_phase or began_at is null then clock_timestamp() else began_at end as phase_started_at
      from next
    ), rated as (
      select *, greatest(extract(epoch from clock_timestamp() - phase_started_at), 0.001)::real as elapsed from counted
    )
    update jobs j set
      state = coalesce(${state}::text, j.state),
      phase = coalesce(${phase}::text, j.phase),
      total = r.total,
      processed = r.processed,
      succeeded = coalesce(${change.succeeded ?? null}::bigint, j.succeeded + ${change.add?.succeeded ?? 0}::bigint),
      failed = coalesce(${change.failed ?? null}::bigint, j.failed + ${change.add?.failed ?? 0}::bigint),
      batch = j.batch + ${change.add?.batch ?? 0}::int,
      percentage = case
        when ${state}::text in ('completed', 'completed_with_errors') then 100
        when ${from}::real is null then j.percentage
        when coalesce(r.total, 0) = 0 then ${from}::real
        else ${from}::real + (${to}::real - ${from}::real) * least(1, r.processed::real / r.total) end,
      rows_per_second = case when ${finished} then j.rows_per_second
        when r.processed > 0 and r.elapsed > 0.2 then r.processed / r.elapsed else null end,
      seconds_left = case when ${finished} then null
        when r.processed > 0 and r.total > 0 and r.elapsed > 0.5
        then greatest(0, (r.total - r.processed) * r.elapsed / r.processed) else null end,
      attempt = case when ${state}::text is null or ${state}::text = 'retrying'
        then coalesce(${change.attempt ?? null}::int, j.attempt) else 1 end,
      retry = case when ${state}::text is null or ${state}::text = 'retrying'
        then coalesce(${change.retry ? sql.json(change.retry as never) : null}::jsonb, j.retry) else null end,
      notice = case when coalesce(${state}::text, j.state) = j.state
          and coalesce(${phase}::text, j.phase) is not distinct from j.phase
        then coalesce(${change.notice ?? null}::text, j.notice) else ${change.notice ?? null}::text end,
      recent_errors = coalesce(${change.recentErrors ? sql.json(change.recentErrors as never) : null}::jsonb, j.recent_errors),
      event_seq = j.event_seq + 1,
      started_at = coalesce(j.started_at, clock_timestamp()),
      phase_started_at = r.phase_started_at,
      finished_at = case when ${finished} then clock_timestamp() else null end
    from rated r where j.id = r.id
    returning j.*, pg_advisory_xact_lock(${OWNER_EVENTS_LOCK}::int, hashtext(j.owner_id::text))::text as turn`;
  if (!row) throw new Error(`job ${jobId} does not exist`);
  const view = jobView(row);
  await sql`insert into job_events (job_id, seq, owner_id, event, data)
            values (${jobId}, ${row.event_seq}, ${row.owner_id}, ${change.event}, ${sql.json(view as never)})`;
  await sql`select pg_notify('ferry_jobs', ${`${jobId} ${row.owner_id} ${row.event_seq}`})`;
  return view;
}

/** The row of `jobs` as the raw client delivers it. */
export interface JobRow {
  id: string;
  owner_id: string;
  kind: JobKind;
  subject_id: string;
  action: JobAction;
  undoes: "import" | "restore" | null;
  title: string;
  state: JobState;
  phase: string | null;
  total: number | null;
  processed: number;
  succeeded: number;
  failed: number;
  percentage: number;
  batch: number;
  rows_per_second: number | null;
  seconds_left: number | null;
  attempt: number;
  attempts_max: number;
  recent_errors: JobError[];
  retry: JobRetry | null;
  notice: string | null;
  event_seq: number;
  cancel_requested_at: Date | null;
  pause_requested_at: Date | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export function jobView(row: JobRow): JobView {
  return {
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    subjectKind: row.kind === "undo" ? (row.undoes ?? "import") : row.kind,
    action: row.action,
    title: row.title,
    state: row.state,
    phase: row.phase,
    counts: { total: row.total, processed: row.processed, succeeded: row.succeeded, failed: row.failed },
    percentage: Math.round(row.percentage * 10) / 10,
    batch: row.batch,
    rowsPerSecond: row.rows_per_second === null ? null : Math.round(row.rows_per_second),
    secondsLeft: row.seconds_left === null ? null : Math.ceil(row.seconds_left),
    attempt: row.attempt,
    attemptsMax: row.attempts_max,
    recentErrors: row.recent_errors,
    retry: row.retry,
    pauseRequested: row.pause_requested_at !== null,
    notice: row.notice,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export async function isCancelRequested(sql: AnySql, jobId: string): Promise<boolean> {
  const [row] = await sql<{ asked: boolean }[]>`
    select cancel_requested_at is not null as asked from jobs where id = ${jobId}`;
  return row?.asked ?? false;
}
