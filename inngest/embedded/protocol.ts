import type { ErrorMemo, FinishedStep, Memo, RunState } from "@/db/engine/types";
import { retryAfterMs } from "./backoff";

/** The request of a call, as the SDK reads it. */
export interface CallBody {
  version: number;
  event: unknown;
  events: unknown[];
  steps: Record<string, Memo>;
  ctx: {
    run_id: string;
    fn_id: string;
    qi_id: string;
    attempt: number;
    max_attempts: number;
    disable_immediate_execution: boolean;
    use_api: boolean;
    stack: { stack: string[]; current: number };
  };
}

/** What the SDK's handler answers. */
export interface CallResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An operation of a 206 answer. Sleep and WaitForEvent carry their argument in `name`. */
export interface Op {
  id: string;
  op: string;
  name?: string;
  displayName?: string;
  data?: unknown;
  error?: unknown;
  opts?: Record<string, unknown>;
}

export type Reply =
  | { kind: "completed"; output: unknown; finished: FinishedStep[] }
  | { kind: "progress"; finished: FinishedStep[]; planned: Op[]; rediscover: boolean }
  /** A step failed and may be tried again. */
  | { kind: "stepError"; op: Op; error: ErrorMemo; retriable: boolean; retryAfterMs?: number }
  /** The function itself threw. */
  | { kind: "rejected"; error: ErrorMemo; retriable: boolean; retryAfterMs?: number };

const PLANNED = new Set(["StepPlanned", "Sleep", "WaitForEvent", "InvokeFunction"]);

/** The body of a call. `token` of the lease fences the checkpoints of the call. */
export function callBody(
  run: RunState,
  lease: { token: string; attempt: number },
  attemptsMax: number,
): CallBody {
  const ids = run.steps.map((step) => step.id);
  return {
    version: run.requestVersion,
    event: run.event,
    events: [run.event],
    steps: Object.fromEntries(run.steps.map((step) => [step.id, step.memo])),
    ctx: {
      run_id: run.id,
      fn_id: run.functionId,
      qi_id: lease.token,
      attempt: lease.attempt,
      max_attempts: attemptsMax,
      disable_immediate_execution: run.pending,
      use_api: false,
      stack: { stack: ids, current: Math.max(0, ids.length - 1) },
    },
  };
}

/** Read an answer. Never throws: what is not understood rejects the run and names what it was. */
export function readReply(response: CallResponse, now: Date): Reply {
  const headers = lowerCased(response.headers);
  const retry = {
    retriable: headers["x-inngest-no-retry"] !== "true",
    retryAfterMs: retryAfterMs(headers["retry-after"], now),
  };
  let body: unknown;
  try {
    body = JSON.parse(response.body === "" ? "null" : response.body);
  } catch {
    return { kind: "rejected", error: errorMemo(`Unreadable answer of status ${response.status}`), ...retry };
  }
  if (response.status === 200) return { kind: "completed", output: body, finished: [] };
  if (response.status === 206) return readOps((Array.isArray(body) ? body : [body]) as Op[], retry);
  return { kind: "rejected", error: errorMemo(body), ...retry };
}

/** The version with which the SDK wants further calls of the run. */
export function requestVersion(response: CallResponse, present: number): number {
  const header = Number(lowerCased(response.headers)["x-inngest-req-version"]);
  return present === -1 && Number.isInteger(header) ? header : present;
}

function readOps(ops: Op[], retry: { retriable: boolean; retryAfterMs?: number }): Reply {
  const finished: FinishedStep[] = [];
  const planned: Op[] = [];
  let rediscover = false;
  for (const op of ops) {
    if (op.op === "RunComplete") return { kind: "completed", output: op.data, finished };
    if (op.op === "StepError") return { kind: "stepError", op, error: errorMemo(op.error), ...retry };
    if (op.op === "StepRun" || op.op === "StepFailed") finished.push(finishedStep(op));
    else if (op.op === "DiscoveryRequest") rediscover = true;
    else if (PLANNED.has(op.op)) planned.push(op);
    else {
      const message = `The embedded engine does not support the operation ${op.op} of the step "${op.displayName ?? op.id}"`;
      return { kind: "rejected", error: { name: "UnsupportedStepError", message }, retriable: false };
    }
  }
  return { kind: "progress", finished, planned, rediscover };
}

/** The memo of a step that has run, or has failed for good. */
export function finishedStep(op: Op): FinishedStep {
  const memo: Memo =
    op.op === "StepFailed"
      ? { type: "error", error: errorMemo(op.error ?? op.data) }
      : { type: "data", data: op.data ?? null };
  return { id: op.id, op: op.op, name: op.displayName ?? op.name ?? null, memo };
}

/** An error in the form in which it travels; everything else that was thrown becomes its message. */
export function errorMemo(thrown: unknown): ErrorMemo {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const { name, message, error, stack, cause } = thrown as Record<string, unknown>;
  return {
    name: typeof name === "string" ? name : "Error",
    message:
      typeof message === "string" ? message : typeof error === "string" ? error : JSON.stringify(thrown),
    ...(typeof stack === "string" && { stack }),
    ...(cause !== undefined && { cause }),
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
