import { daysInMonth, localTime, momentOf, weekdayOf, type LocalTime } from "@/lib/core/schedule/zoned-time";

export type Frequency = "hourly" | "daily" | "weekly" | "monthly";

/** When something is to happen, by the clock on the wall of a place. */
export interface Schedule {
  frequency: Frequency;
  /** HH:MM, 24 hours. Hourly takes the minute alone. */
  time: string;
  /** Of the IANA database. */
  timeZone: string;
  /** Of weekly: 1 = Monday (when left out) … 7 = Sunday. */
  weekday?: number;
  /** Of monthly: 1 when left out; in a shorter month its last day. */
  dayOfMonth?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** More than the longest time between two due moments, whatever clocks and calendars do. */
const LONGEST_MS: Record<Frequency, number> = {
  hourly: 3 * HOUR_MS,
  daily: 3 * DAY_MS,
  weekly: 9 * DAY_MS,
  monthly: 33 * DAY_MS,
};

/**
 * The first due moment after `afterMs` (not at it). Each day, week or month has exactly one: a time of the clock that
 * comes twice counts the first time, and one that never comes is due at the first moment after the gap. Hourly is due
 * whenever the clock shows the minute, so in a repeated hour again.
 * @throws RangeError for an unknown time zone
 */
export function nextDue(schedule: Schedule, afterMs: number): number {
  const { hour, minute } = timeOf(schedule);
  if (schedule.frequency === "hourly") return nextMinute(minute, schedule.timeZone, afterMs);
  const today = localTime(afterMs, schedule.timeZone);
  // From yesterday on: where the clock was set back over midnight, yesterday's moment may still come.
  for (let days = -1; ; days++) {
    const date = plusDays(today, days);
    if (!isDueOn(schedule, date)) continue;
    const dueMs = momentOf({ ...date, hour, minute, second: 0 }, schedule.timeZone);
    if (dueMs > afterMs) return dueMs;
  }
}

/**
 * The last due moment after `afterMs` and not after `nowMs`; undefined when there is none. However many were missed in
 * between, this is the one to catch up with. A clock that was set back makes nothing due.
 */
export function latestDue(schedule: Schedule, afterMs: number, nowMs: number): number | undefined {
  let latest: number | undefined;
  let dueMs = nextDue(schedule, Math.max(afterMs, nowMs - LONGEST_MS[schedule.frequency]));
  while (dueMs <= nowMs) {
    latest = dueMs;
    dueMs = nextDue(schedule, dueMs);
  }
  return latest;
}

/**
 * A delay in [0, `mostMs`) that is always the same for the same seed (a user's id) and spreads different ones evenly, so
 * that not everybody's run begins at midnight. FNV-1a with a final mix (murmur3's).
 */
export function jitterMs(seed: string, mostMs: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * mostMs);
}

function timeOf({ time }: Schedule): { hour: number; minute: number } {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!parts) throw new RangeError(`"${time}" is not a time of the form HH:MM`);
  return { hour: Number(parts[1]), minute: Number(parts[2]) };
}

function nextMinute(minute: number, timeZone: string, afterMs: number): number {
  let atMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  // Twice at most, unless clocks are changed by less than an hour in between.
  for (;;) {
    const ahead = (minute - localTime(atMs, timeZone).minute + 60) % 60;
    if (ahead === 0) return atMs;
    const reachedMs = atMs + ahead * MINUTE_MS;
    if (localTime(reachedMs, timeZone).minute === minute)
      return firstShown(minute, timeZone, atMs, reachedMs);
    atMs += MINUTE_MS;
  }
}

/** A change by half an hour may show the minute earlier than an hour's arithmetic has it. */
function firstShown(minute: number, timeZone: string, fromMs: number, toMs: number): number {
  const spanMs = localSpanMs(fromMs, toMs, timeZone);
  if (spanMs === toMs - fromMs) return toMs;
  for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) {
    if (localTime(atMs, timeZone).minute === minute) return atMs;
  }
  return toMs;
}

function localSpanMs(fromMs: number, toMs: number, timeZone: string): number {
  const at = (ms: number) => {
    const local = localTime(ms, timeZone);
    return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  };
  return at(toMs) - at(fromMs);
}

function isDueOn({ frequency, weekday = 1, dayOfMonth = 1 }: Schedule, date: LocalTime): boolean {
  if (frequency === "weekly") return weekdayOf(date) === weekday;
  if (frequency === "monthly") return date.day === Math.min(dayOfMonth, daysInMonth(date.year, date.month));
  return true;
}

function plusDays(local: LocalTime, days: number): LocalTime {
  const date = new Date(Date.UTC(local.year, local.month - 1, local.day + days));
  return { ...local, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
