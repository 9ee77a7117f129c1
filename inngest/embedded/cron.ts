/** A parsed five-field cron expression in a time zone. */
export interface CronSchedule {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  /** Both day fields were restricted: then either may match. */
  eitherDay: boolean;
  timeZone: string;
}

const ALIASES: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** 29 February on a certain weekday comes at most 40 years later. */
const YEARS_AHEAD_MAX = 41;

/**
 * Parse "minute hour day-of-month month day-of-week", optionally after "TZ=Area/City " (UTC without it): `*`, lists,
 * ranges, steps, names of months and days, 7 for Sunday, `@daily` and the like.
 * @throws Error that names the field that is wrong
 */
export function parseCron(source: string): CronSchedule {
  const zoned = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(source.trim());
  const timeZone = zoned?.[1] ?? "UTC";
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
  } catch {
    throw new Error(`Unknown time zone "${timeZone}" in the cron expression "${source}"`);
  }
  const body = (zoned?.[2] ?? source).trim();
  const fields = (ALIASES[body.toLowerCase()] ?? body).split(/\s+/);
  if (fields.length !== 5)
    throw new Error(`The cron expression "${source}" has ${fields.length} fields, not five`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [string, string, string, string, string];
  const parse = (name: string, text: string, low: number, high: number, names: string[] = []) => {
    try {
      return parseField(text, low, high, names);
    } catch (error) {
      throw new Error(`${name} of the cron expression "${source}": ${(error as Error).message}`);
    }
  };
  const daysOfWeek = parse("The day of week", dayOfWeek, 0, 7, DAYS);
  return {
    minutes: parse("The minute", minute, 0, 59),
    hours: parse("The hour", hour, 0, 23),
    daysOfMonth: parse("The day of month", dayOfMonth, 1, 31),
    months: parse("The month", month, 1, 12, ["", ...MONTHS]),
    daysOfWeek: new Set([...daysOfWeek].map((day) => day % 7)),
    eitherDay: !dayOfMonth.startsWith("*") && !dayOfWeek.startsWith("*"),
    timeZone,
  };
}

function parseField(text: string, low: number, high: number, names: string[]): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw new Error(`"${part}" is not understood`);
    const [, first, last, step] = match;
    const from = first === undefined ? low : numberOf(first, names);
    const to =
      last !== undefined ? numberOf(last, names) : first === undefined || step !== undefined ? high : from;
    const by = step === undefined ? 1 : Number(step);
    if (!(from >= low && to <= high && from <= to))
      throw new Error(`"${part}" is not within ${low} to ${high}`);
    if (by < 1) throw new Error(`the step of "${part}" is not positive`);
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

function numberOf(text: string, names: string[]): number {
  const index = names.indexOf(text.toLowerCase());
  return index >= 0 ? index : /^\d+$/.test(text) ? Number(text) : NaN;
}

/**
 * The first moment after `after` that the schedule names; undefined if there is none (31 February). Where clocks are
 * put forward, times that do not exist are left out; where they are put back, the first of the two counts.
 */
export function nextTick(schedule: CronSchedule, after: Date): Date | undefined {
  const start = localParts(after, schedule.timeZone);
  const hours = [...schedule.hours].sort((a, b) => a - b);
  const minutes = [...schedule.minutes].sort((a, b) => a - b);
  for (let offset = 0; offset < YEARS_AHEAD_MAX * 366; offset++) {
    const day = new Date(Date.UTC(start.year, start.month - 1, start.day + offset));
    if (!schedule.months.has(day.getUTCMonth() + 1)) {
      // To the last day of this month; the loop goes on with the first of the next.
      const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0));
      offset += last.getUTCDate() - day.getUTCDate();
      continue;
    }
    if (!matchesDay(schedule, day)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        // Spares the conversion of what is over; no clock is put back by three hours.
        if (offset === 0 && hour * 60 + minute < start.hour * 60 + start.minute - 180) continue;
        const tick = toInstant(day, hour, minute, schedule.timeZone);
        if (tick && tick > after) return tick;
      }
    }
  }
  return undefined;
}

function matchesDay(schedule: CronSchedule, day: Date): boolean {
  const ofMonth = schedule.daysOfMonth.has(day.getUTCDate());
  const ofWeek = schedule.daysOfWeek.has(day.getUTCDay());
  return schedule.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

/** The instant of a local time; the earlier of two, undefined if the local time does not exist. */
function toInstant(day: Date, hour: number, minute: number, timeZone: string): Date | undefined {
  const asUtc = day.getTime() + (hour * 60 + minute) * 60_000;
  // The offset a day before and after covers both sides of a change.
  const offsets = [-86_400_000, 86_400_000].map((shift) => offsetMs(new Date(asUtc + shift), timeZone));
  const candidates = [...new Set(offsets)].map((offset) => new Date(asUtc - offset));
  return candidates
    .filter((moment) => moment.getTime() + offsetMs(moment, timeZone) === asUtc)
    .sort((a, b) => a.getTime() - b.getTime())[0];
}

function offsetMs(moment: Date, timeZone: string): number {
  const local = localParts(moment, timeZone);
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  return asUtc - Math.floor(moment.getTime() / 1_000) * 1_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localParts(moment: Date, timeZone: string) {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
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
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of format.formatToParts(moment)) {
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  }
  return parts;
}
