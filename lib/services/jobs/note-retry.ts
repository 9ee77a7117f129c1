import { setTimeout as delay } from "node:timers/promises";
import { isUnavailable } from "@/db/engine/transaction";
import { retryState } from "@/db/queries/job-control";
import { advanceOpenJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";

/** Passing faults are tried again this often (S7.3), after 2, 4, 8 … seconds. */
export const RETRIES = 3;
const FIRST_DELAY_MS = 2_000;
/** While the database is away the note waits for it, but not for ever: the next attempt tells as well. */
const NOTE_MS_MAX = 60_000;
const NOTE_AGAIN_MS = 250;

/** Milliseconds between the failure of an attempt (from 0) and the next one. */
export function retryDelayMs(attempt: number): number {
  return FIRST_DELAY_MS * 2 ** attempt;
}

/**
 * Tells whoever watches that an attempt (from 0) has failed, why, and when the next one begins. When the fault is that
 * the database is away, it is told as soon as that is back. Never throws: telling is not the work.
 */
export async function noteFault(
  ctx: SystemContext,
  jobId: string,
  fault: { attempt: number; reason: string },
): Promise<void> {
  const end = Date.now() + NOTE_MS_MAX;
  for (;;) {
    try {
      const nextAt = new Date(Date.now() + retryDelayMs(fault.attempt)).toISOString();
      await advanceOpenJob(ctx.db.sql, jobId, {
        event: "retrying",
        state: "retrying",
        attempt: fault.attempt + 2,
        retry: { number: fault.attempt + 1, of: RETRIES, reason: fault.reason, nextAt },
      });
      return;
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > end) {
        ctx.log.warn({ err: error, jobId }, "a retry could not be noted");
        return;
      }
      await delay(NOTE_AGAIN_MS);
    }
  }
}

/** Tells that an attempt (from 1: the first retry) is under way now. */
export async function noteAttempt(ctx: SystemContext, jobId: string, attempt: number): Promise<void> {
  const known = await retryState(ctx.db.sql, jobId);
  await advanceOpenJob(ctx.db.sql, jobId, {
    event: "retrying",
    state: "retrying",
    attempt: attempt + 1,
    retry: {
      number: Math.min(attempt, RETRIES),
      of: RETRIES,
      reason: known?.retry?.reason ?? "The work was interrupted.",
      nextAt: null,
    },
  });
}

/** Nothing is tried again any more: the attempt has succeeded, or what was done is taken back now. */
export async function noteRecovery(ctx: SystemContext, jobId: string): Promise<void> {
  if ((await retryState(ctx.db.sql, jobId))?.state !== "retrying") return;
  await advanceOpenJob(ctx.db.sql, jobId, { event: "progress", state: "processing" });
}
