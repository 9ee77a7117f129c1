import { type GetStepTools, RetryAfterError } from "inngest";
import type { inngest } from "@/inngest/client";
import { type PermanentImportError, stoppedBy } from "@/lib/services/imports/errors";
import type { SystemContext } from "@/lib/services/context";
import { enterPause, pauseRanOut } from "@/lib/services/jobs/enter-pause";
import { describeFault } from "@/lib/services/jobs/faults";
import { noteAttempt, noteFault, noteRecovery, RETRIES, retryDelayMs } from "@/lib/services/jobs/note-retry";
import { stopRequested } from "@/lib/services/jobs/stop-requested";

/** A pause that nobody ends is ended after this long. */
export const PAUSE_DAYS = 7;
const ROLL_BACK_TURNS_MAX = 200;

export interface JobSteps {
  jobId: string;
  ctx: SystemContext;
  step: GetStepTools<typeof inngest>;
  /** Of the present call, from 0. */
  attempt: number;
  /** An undo is not cancelled half-way, and none of its pauses runs out into a cancel. */
  cancellable: boolean;
}

type ImportFailure = PermanentImportError["failure"];

/** How a piece of work ended that did not give its value. */
export type Stopped =
  { ended: "cancelled"; pauseRanOut: boolean } | { ended: "failed"; failure: ImportFailure };

type Outcome<T> = { value: T } | { stopped: "cancel" | "pause" } | { failure: ImportFailure };

/**
 * Runs a piece of a job's work as a step, the way people see it: passing faults are noted and tried again after 2, 4 and
 * 8 seconds, permanent ones end the job at once, a pause asked for waits for `job/resumed` (however long the engine was
 * away meanwhile), and a cancel ends it. Work that was stopped is begun again, and passes over what it did.
 */
export async function runStep<T extends object>(
  job: JobSteps,
  id: string,
  work: () => Promise<T>,
): Promise<T | Stopped> {
  const { step, ctx, jobId } = job;
  for (let turn = 0; ; turn++) {
    const stepId = turn === 0 ? id : `${id}-resumed-${turn}`;
    let outcome: Outcome<T>;
    try {
      outcome = (await step.run(stepId, () => attemptWork(job, stepId, work))) as Outcome<T>;
    } catch (error) {
      // Every attempt is spent: what the last one said is all that is left.
      return { ended: "failed", failure: gaveUp(error) };
    }
    if ("value" in outcome) return outcome.value;
    if ("failure" in outcome) return { ended: "failed", failure: outcome.failure };
    if (outcome.stopped === "cancel") return { ended: "cancelled", pauseRanOut: false };
    // Registered together with the step that says the job is paused, so that no resume can come too early.
    const resumed = step.waitForEvent(`${stepId}-wait`, {
      event: "job/resumed",
      if: `async.data.jobId == "${jobId}"`,
      timeout: `${PAUSE_DAYS}d`,
    });
    await step.run(`${stepId}-pause`, () => enterPause(ctx, jobId));
    if ((await resumed) !== null) continue;
    const { ranOut } = await step.run(`${stepId}-ran-out`, () => pauseRanOut(ctx, jobId));
    if (ranOut && job.cancellable) return { ended: "cancelled", pauseRanOut: true };
  }
}

async function attemptWork<T extends object>(
  { ctx, jobId, attempt, cancellable }: JobSteps,
  stepId: string,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    const stop = await stopRequested(ctx, jobId);
    if (stop === "pause" || (stop === "cancel" && cancellable)) return { stopped: stop };
    if (attempt > 0) await noteAttempt(ctx, jobId, attempt);
    const value = await work();
    if (attempt > 0) await noteRecovery(ctx, jobId);
    return { value };
  } catch (error) {
    const known = stoppedBy(error);
    if (known) return known;
    const fault = describeFault(error);
    ctx.log.warn({ err: error, jobId, step: stepId, attempt, passing: fault.passing }, "a job's step failed");
    if (!fault.passing) return { failure: { code: fault.code, message: fault.reason } };
    if (attempt < RETRIES) await noteFault(ctx, jobId, { attempt, reason: fault.reason });
    throw new RetryAfterError(fault.reason, retryDelayMs(attempt));
  }
}

/**
 * Work of one step that ends its job itself: when an attempt fails, why is told at once, and the next one comes after 2, 4
 * and 8 seconds.
 */
export async function tryNoted(
  { ctx, jobId, attempt }: Pick<JobSteps, "ctx" | "jobId" | "attempt">,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { reason } = describeFault(error);
    ctx.log.warn({ err: error, jobId, attempt }, "a job's attempt failed");
    if (attempt < RETRIES) await noteFault(ctx, jobId, { attempt, reason });
    throw new RetryAfterError(reason, retryDelayMs(attempt));
  }
}

/** What the last attempt of `tryNoted` said; undefined for an end that had other reasons. */
export function lastReason(error: { name?: string; message?: string } | undefined): string | undefined {
  return error?.name === RetryAfterError.name ? error.message : undefined;
}

function gaveUp(error: unknown): ImportFailure {
  const reason = error instanceof Error ? error.message : "The work was interrupted.";
  return {
    code: "gave-up",
    message: `${reason} Ferry tried three more times, after 2, 4 and 8 seconds, without success.`,
  };
}

/** A step that must succeed in the end, however long what it needs is away: each turn is a step of its own. */
export async function insist(
  step: GetStepTools<typeof inngest>,
  id: string,
  work: () => Promise<void>,
): Promise<void> {
  for (let turn = 0; ; turn++) {
    try {
      await step.run(turn === 0 ? id : `${id}-${turn}`, work);
      return;
    } catch (error) {
      if (turn === ROLL_BACK_TURNS_MAX) throw error;
      await step.sleep(`${id}-again-${turn + 1}`, "30s");
    }
  }
}
