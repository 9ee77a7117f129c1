import { loadRun, releaseLease } from "@/db/engine/leases";
import { applyEnd, applyProgress, applyRetry } from "@/db/engine/progress";
import type { ErrorMemo, FinishedStep, LeasedJob, Memo, PlannedStep, RunState } from "@/db/engine/types";
import { announcementsOf } from "./announce";
import { momentOf } from "./duration";
import type { Execution } from "./execution";
import { checkExpression } from "./expression";
import type { FunctionSpec } from "./function-spec";
import { planRun } from "./plan-run";
import { StepHangsError } from "./watchdog";
import { isShortOfRoom, isUnavailable } from "@/db/engine/transaction";
import { callBody, errorMemo, readReply, requestVersion, type Op, type Reply } from "./protocol";

/** A job whose workers died this often without any progress is taken to kill them. */
const CRASHES_MAX = 8;
/** A worker of another version may know the function. */
const UNKNOWN_FUNCTION_DELAY_SECONDS = 30;

interface Call {
  job: LeasedJob;
  run: RunState;
  spec: FunctionSpec;
  version: number;
}

/** Call a run's function and apply what it answers. */
export async function executeCall(execution: Execution, job: LeasedJob): Promise<void> {
  const { sql, specs, log, persist } = execution;
  const run = await persist(() => loadRun(sql, job.runId!));
  if (!run) return;
  const spec = specs.get(run.functionId);
  if (!spec) {
    log.warn(
      { functionId: run.functionId, runId: run.id },
      "no such function in this worker; the run waits for one that has it",
    );
    return persist(() => releaseLease(sql, job.token, UNKNOWN_FUNCTION_DELAY_SECONDS));
  }
  const call: Call = { job, run, spec, version: run.requestVersion };
  if (job.crashes >= CRASHES_MAX) {
    const message = `The worker died ${job.crashes} times while it did this work`;
    return failAttempt(execution, call, {
      error: { name: "WorkerDiedError", message },
      retriable: false,
      final: "run",
    });
  }
  try {
    const body = callBody(run, job, spec.attemptsMax);
    const stepId = job.kind === "step" ? job.stepId! : "step";
    const response = await execution.watchdogs.guard(job.token, execution.call(spec.id, stepId, body));
    call.version = requestVersion(response, run.requestVersion);
    await applyReply(execution, call, readReply(response, new Date()));
  } catch (error) {
    if (error instanceof StepHangsError) {
      log.error(
        { functionId: spec.id, runId: run.id, stepId: job.stepId },
        "a step hangs; its attempt has failed",
      );
      return failAttempt(execution, call, hangs(error));
    }
    if (isUnavailable(error) || isShortOfRoom(error)) throw error;
    // An answer that cannot be stored (a name with a NUL, say) would come again and again, each after a whole lease.
    log.error({ functionId: spec.id, runId: run.id, err: error }, "an answer could not be applied");
    await failAttempt(execution, call, { error: errorMemo(error), retriable: true, final: "run" });
  }
}

/** Report the failed attempt of a lease that was taken over because its deadline had passed. */
export async function failOverdue(execution: Execution, job: LeasedJob): Promise<void> {
  const run =
    job.runId === null ? undefined : await execution.persist(() => loadRun(execution.sql, job.runId!));
  const spec = run && execution.specs.get(run.functionId);
  if (!spec || (job.kind !== "discover" && job.kind !== "step")) {
    await execution.persist(() => releaseLease(execution.sql, job.token));
    return;
  }
  const error = {
    name: "StepHangsError",
    message: "The step did not end in time and its worker did not report",
  };
  await failAttempt(execution, { job, run, spec, version: run.requestVersion }, hangs(error));
}

function hangs(error: unknown): Failure {
  return { error: errorMemo(error), retriable: true, final: "step" };
}

async function applyReply(execution: Execution, call: Call, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case "completed":
      return end(execution, call, { status: "completed", output: reply.output }, reply.finished);
    case "rejected":
      return failAttempt(execution, call, { ...reply, final: "run" });
    case "stepError":
      return failAttempt(execution, call, { ...reply, final: "step", step: reply.op });
    case "progress":
      return progress(execution, call, reply.finished, reply.planned, reply.rediscover);
  }
}

async function progress(
  execution: Execution,
  call: Call,
  finished: FinishedStep[],
  ops: Op[],
  rediscover: boolean,
) {
  const planned: PlannedStep[] = [];
  // What cannot be planned fails as a step, where the function can catch it.
  for (const op of ops) {
    try {
      planned.push(plannedStep(execution, call, op));
    } catch (error) {
      finished.push({
        id: op.id,
        op: "StepFailed",
        name: op.displayName ?? null,
        memo: { type: "error", error: errorMemo(error) },
      });
    }
  }
  const applied = await execution.persist(() =>
    applyProgress(execution.sql, {
      token: call.job.token,
      requestVersion: call.version,
      seenSeq: call.run.seq,
      finished,
      planned,
      rediscover,
    }),
  );
  if (applied !== "stuck") return;
  const error = { name: "Error", message: "The function neither ended nor reported a step to go on with" };
  await failAttempt(execution, call, { error, retriable: false, final: "run" });
}

function plannedStep({ specs }: Execution, { run }: Call, op: Op): PlannedStep {
  const now = new Date();
  const opts = op.opts ?? {};
  const name = op.name ?? "";
  const timeout = typeof opts.timeout === "string" ? opts.timeout : undefined;
  const common = { id: op.id, op: op.op, name: op.displayName ?? name, race: opts.parallelMode === "race" };
  switch (op.op) {
    case "Sleep":
      return { ...common, kind: "sleep", until: momentOf(name, now) };
    case "WaitForEvent": {
      const expression = typeof opts.if === "string" ? opts.if : null;
      if (expression !== null) checkExpression(expression);
      return {
        ...common,
        kind: "waitForEvent",
        eventName: name,
        expression,
        until: momentOf(timeout ?? "", now),
      };
    }
    case "InvokeFunction": {
      const functionId = String(opts.function_id);
      const target = specs.get(functionId);
      if (!target) throw new Error(`There is no function "${functionId}" to invoke`);
      const payload = (opts.payload ?? {}) as Record<string, unknown>;
      const child = planRun(target, invocation(run, op, payload), {
        parent: { runId: run.id, stepId: op.id },
      });
      return {
        ...common,
        kind: "invoke",
        child,
        until: timeout === undefined ? null : momentOf(timeout, now),
      };
    }
    default:
      return { ...common, kind: "step" };
  }
}

function invocation(run: RunState, op: Op, payload: Record<string, unknown>) {
  const data = (payload.data ?? {}) as Record<string, unknown>;
  return { ...payload, id: `${run.id}:${op.id}`, name: "inngest/function.invoked", data, ts: Date.now() };
}

interface Failure {
  error: ErrorMemo;
  retriable: boolean;
  retryAfterMs?: number;
  /** What fails when there is no further attempt: the step, which the function may catch, or the run. */
  final: "step" | "run";
  /** The step that failed, if the answer named it. */
  step?: Op;
}

async function failAttempt(execution: Execution, call: Call, failure: Failure): Promise<void> {
  const { job, spec } = call;
  if (failure.retriable && job.attempt + 1 < spec.attemptsMax) {
    const delayMs = failure.retryAfterMs ?? execution.backoffMs(job.attempt);
    await execution.persist(() =>
      applyRetry(execution.sql, {
        token: job.token,
        attempt: job.attempt + 1,
        delayMs,
        requestVersion: call.version,
      }),
    );
    return;
  }
  const stepId = failure.step?.id ?? (job.kind === "step" ? job.stepId : null);
  if (failure.final === "step" && stepId !== null) {
    const memo: Memo = { type: "error", error: failure.error };
    return progress(
      execution,
      call,
      [{ id: stepId, op: "StepFailed", name: failure.step?.displayName ?? null, memo }],
      [],
      false,
    );
  }
  return end(execution, call, { status: "failed", error: failure.error }, []);
}

async function end(
  { sql, specs, persist }: Execution,
  { job, run }: Call,
  how: { status: "completed"; output: unknown } | { status: "failed"; error: ErrorMemo },
  finished: FinishedStep[],
): Promise<void> {
  const answer: Memo =
    how.status === "completed"
      ? { type: "data", data: how.output ?? null }
      : { type: "error", error: how.error };
  await persist(() =>
    applyEnd(sql, {
      token: job.token,
      status: how.status,
      output: how.status === "completed" ? how.output : { error: how.error },
      answer,
      announcements: announcementsOf(specs, run, how),
      finished,
    }),
  );
}
