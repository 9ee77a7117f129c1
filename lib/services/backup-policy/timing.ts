import { jitterMs, nextDue, type Schedule } from "@/lib/core/schedule/schedule";

const MINUTE_MS = 60_000;
/** How far apart the runs of different users may begin: well within the time between two runs. */
const SPREAD_MS: Record<Schedule["frequency"], number> = {
  hourly: 5 * MINUTE_MS,
  daily: 15 * MINUTE_MS,
  weekly: 15 * MINUTE_MS,
  monthly: 15 * MINUTE_MS,
};

/** The user's next run after a moment, with the delay that is always the user's own. */
export function nextRun(schedule: Schedule, ownerId: string, after: Date): Date {
  const delayMs = jitterMs(ownerId, SPREAD_MS[schedule.frequency]);
  return new Date(nextDue(schedule, after.getTime() - delayMs) + delayMs);
}
