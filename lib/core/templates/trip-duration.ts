import { dayNumber } from "@/lib/core/fields/calendar";
import type { RecordData } from "@/lib/core/fields/types";

/**
 * Days of a trip, both the day of entry and the day of exit counted, as border authorities count a stay: in and out on
 * the same day is 1. Without an exit date the person is still there and days run up to `today` ("YYYY-MM-DD"); a trip
 * that has not begun is 0. Undefined when there is no entry date or the exit lies before the entry.
 */
export function tripDuration(data: RecordData, today: string): number | undefined {
  const entry = dayOf(data.entryDate);
  if (entry === undefined) return undefined;
  const exit = dayOf(data.exitDate);
  if (exit === undefined) return Math.max(0, (dayOf(today) ?? entry) - entry + 1);
  return exit < entry ? undefined : exit - entry + 1;
}

function dayOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return match ? dayNumber(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}
