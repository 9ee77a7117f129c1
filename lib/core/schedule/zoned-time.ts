/** A time of the clock on the wall, without saying where. Months and days count from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether this is a time zone of the IANA database that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows at a moment. @throws RangeError for an unknown time zone */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const local = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) {
    if (type in local) local[type as keyof LocalTime] = Number(value);
  }
  return local;
}

/** How far the clock on the wall is ahead of UTC, in ms. */
function offsetMs(atMs: number, timeZone: string): number {
  const wholeSecondMs = Math.floor(atMs / 1000) * 1000;
  return asUtcMs(localTime(wholeSecondMs, timeZone)) - wholeSecondMs;
}

/**
 * The moment at which the clock shows this time. A time that comes twice (the clock is set back) is the first of the
 * two; one that never comes (it is set forward) is the first moment after the gap.
 */
export function momentOf(local: LocalTime, timeZone: string): number {
  const wantedMs = asUtcMs(local);
  // Clocks are not changed twice within two days.
  const before = offsetMs(wantedMs - DAY_MS, timeZone);
  const after = offsetMs(wantedMs + DAY_MS, timeZone);
  const shown = [wantedMs - before, wantedMs - after].filter(
    (at) => at + offsetMs(at, timeZone) === wantedMs,
  );
  return shown.length > 0 ? Math.min(...shown) : changeBetween(wantedMs - after, wantedMs - before, timeZone);
}

/** The first whole minute at which the offset is the one of `toMs`; clocks are changed at whole minutes. */
function changeBetween(fromMs: number, toMs: number, timeZone: string): number {
  const wanted = offsetMs(toMs, timeZone);
  let low = Math.floor(fromMs / MINUTE_MS) - 1;
  let high = Math.ceil(toMs / MINUTE_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle * MINUTE_MS, timeZone) === wanted) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}

function asUtcMs({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Day of the week as ISO 8601 counts: 1 = Monday … 7 = Sunday. */
export function weekdayOf({ year, month, day }: Pick<LocalTime, "year" | "month" | "day">): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
