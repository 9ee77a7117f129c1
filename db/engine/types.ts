/** A JSON value as the Inngest SDK sends or gets it. */
export type Json = unknown;

/** An error as it travels between the SDK and the engine. */
export interface ErrorMemo {
  name: string;
  message: string;
  stack?: string;
}

/** What a finished step leaves behind, in the shape that the SDK reads. */
export type Memo = { type: "data"; data: Json } | { type: "error"; error: ErrorMemo };

/** An event as functions see it. `ts` is Unix milliseconds. */
export interface EngineEvent {
  id: string;
  name: string;
  data: Record<string, unknown>;
  ts: number;
  [other: string]: unknown;
}

export type JobKind = "event" | "discover" | "step" | "wake" | "cron";

/** A job that this process has leased. Only the holder of `token` may report about it. */
export interface LeasedJob {
  id: string;
  kind: JobKind;
  runId: string | null;
  stepId: string | null;
  eventId: string | null;
  key: string | null;
  attempt: number;
  crashes: number;
  dueAt: Date;
  token: string;
}

export type RunStatus = "running" | "completed" | "failed" | "cancelled";

/** A run with all that a call of its function needs. */
export interface RunState {
  id: string;
  functionId: string;
  status: RunStatus;
  requestVersion: number;
  /** How many ends of steps this state contains. */
  seq: number;
  event: EngineEvent;
  /** Finished steps in the order in which they finished. */
  steps: { id: string; memo: Memo }[];
  /** Whether steps are pending: the SDK must then only plan. */
  pending: boolean;
}

/** A run to be made. Keys, priority and expiries were computed from the function's configuration and the event. */
export interface NewRun {
  id: string;
  functionId: string;
  event: EngineEvent;
  /** The event's row if it was received; an invocation's or a tick's event gets a row with the run's id. */
  eventRowId?: string;
  /** Jobs of this run go before those of runs that started up to this many seconds earlier (negative: later). */
  prioritySeconds: number;
  concurrency: { key: string; limit: number }[];
  /** Acts once in 24 hours. */
  onceKey?: string;
  cancelOn: { eventName: string; expression: string | null; expiresAt: Date | null }[];
  parent?: { runId: string; stepId: string };
}

/** A step that is not finished by being reported. */
export type PlannedStep = { id: string; op: string; name: string | null; race: boolean } & (
  | { kind: "step" }
  | { kind: "sleep"; until: Date }
  | { kind: "waitForEvent"; eventName: string; expression: string | null; until: Date }
  | { kind: "invoke"; child: NewRun; until: Date | null }
);

export interface FinishedStep {
  id: string;
  op: string;
  name: string | null;
  memo: Memo;
}
