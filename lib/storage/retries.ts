import { setTimeout as sleep } from "node:timers/promises";
import { StorageProblem } from "@/lib/storage/problems";

/** Waits between attempts; one attempt more than there are waits. About 12 seconds in all, before jitter. */
export const RETRY_DELAYS_MS: readonly number[] = [150, 600, 2_500, 9_000];

export function isTransient(error: unknown): boolean {
  return error instanceof StorageProblem && error.isTransient;
}

/** The wait before attempt number `attempt` + 1, between half and all of it so that many do not come back at once. */
export async function waitBefore(attempt: number, delaysMs: readonly number[]): Promise<void> {
  const delayMs = delaysMs[attempt - 1] ?? 0;
  await sleep(delayMs / 2 + Math.random() * (delayMs / 2));
}

/** Does `work` again while it fails for a reason that may pass; the last failure is thrown. */
export async function withRetries<T>(
  work: (attempt: number) => Promise<T>,
  delaysMs: readonly number[] = RETRY_DELAYS_MS,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isTransient(error) || attempt > delaysMs.length) throw error;
      await waitBefore(attempt, delaysMs);
    }
  }
}
