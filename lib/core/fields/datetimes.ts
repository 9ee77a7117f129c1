import type { DateOrder } from "@/lib/core/formats/types";
import {
  dayNumber,
  dayOfNumber,
  formatDay,
  isCalendarDay,
  SPREADSHEET_EPOCH,
} from "@/lib/core/fields/calendar";
import { readDay, SERIAL_DAY_MAX, SERIAL_DAY_MIN } from "@/lib/core/fields/dates";
import { corrected, failure, quoted, type CellOutcome } from "@/lib/core/fields/outcome";
import { clockTimeOf, type ClockTime } from "@/lib/core/fields/time-of-day";

const DAY_SECONDS = 86_400;
const UNIX_EPOCH_DAY = dayNumber(1970, 1, 1);
const CANONICAL = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{3}|\d{6}|\d{9}))?Z$/;
const SERIAL = /^\d{5}\.\d+$/;
const UNIX_SECONDS = /^1\d{9}$/;
const UNIX_MILLISECONDS = /^1\d{12}$/;

/**
 * Reads the cell of a datetime field into UTC. A time without a zone is taken for UTC, a date for its midnight. The
 * fraction of a second keeps its digits, up to nine, in groups of three. `text` is trimmed and not empty.
 */
export function parseDatetime(text: string, dateOrder?: DateOrder): CellOutcome {
  if (isCanonicalDatetime(text)) return { value: text };
  const timed = clockTimeOf(text);
  if (timed) return timedOutcome(text, timed.before.trim(), timed.time, dateOrder);
  const number = fromNumber(text);
  if (number !== undefined) return corrected(number, "datetime-format", `${text} read as ${number}.`);
  const day = readDay(text, dateOrder);
  if (!day) return failure("not-a-datetime", `${quoted(text)} is not a date with a time.`);
  if ("error" in day) return day;
  const value = `${formatDay(day.day)}T00:00:00Z`;
  return corrected(value, "datetime-format", `${quoted(text)} read as ${value}: it states no time of day.`);
}

function isCanonicalDatetime(text: string): boolean {
  const match = CANONICAL.exec(text);
  if (!match || !isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]))) return false;
  return match[4]?.endsWith("000") !== true;
}

function timedOutcome(text: string, before: string, time: ClockTime, dateOrder?: DateOrder): CellOutcome {
  const day = readDay(before, dateOrder);
  if (!day) return failure("not-a-datetime", `${quoted(text)} is not a date with a time.`);
  if ("error" in day) return day;
  const seconds = time.secondOfDay - (time.offsetMinutes ?? 0) * 60;
  const number = dayNumber(day.day.year, day.day.month, day.day.day) + Math.floor(seconds / DAY_SECONDS);
  const value = instant(number, seconds, time.fraction);
  if (value === undefined)
    return failure("impossible-date", `${quoted(text)} lies outside the years 1 to 9999.`);
  if (time.offsetMinutes === undefined) {
    return corrected(value, "assumed-utc", `${quoted(text)} read as ${value}: it names no time zone.`);
  }
  return corrected(value, "datetime-format", `${quoted(text)} read as ${value}.`);
}

/** Spreadsheet day numbers with a fraction, and Unix times in seconds or milliseconds. */
function fromNumber(text: string): string | undefined {
  if (SERIAL.test(text)) {
    const serial = Number(text);
    if (serial < SERIAL_DAY_MIN || serial > SERIAL_DAY_MAX + 1) return undefined;
    return fromMilliseconds(
      (SPREADSHEET_EPOCH - UNIX_EPOCH_DAY) * DAY_SECONDS * 1000 + Math.round(serial * DAY_SECONDS * 1000),
    );
  }
  if (UNIX_SECONDS.test(text)) return fromMilliseconds(Number(text) * 1000);
  return UNIX_MILLISECONDS.test(text) ? fromMilliseconds(Number(text)) : undefined;
}

function fromMilliseconds(milliseconds: number): string | undefined {
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = String(milliseconds - seconds * 1000).padStart(3, "0");
  return instant(UNIX_EPOCH_DAY + Math.floor(seconds / DAY_SECONDS), seconds, fraction);
}

/** `seconds` may lie outside the day `number`, which already counts the days it carries. */
function instant(number: number, seconds: number, fraction: string): string | undefined {
  if (number < 0 || number > dayNumber(9999, 12, 31)) return undefined;
  const second = ((seconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const time = clock.map((part) => String(part).padStart(2, "0")).join(":");
  return `${formatDay(dayOfNumber(number))}T${time}${canonicalFraction(fraction)}Z`;
}

/** "" for whole seconds, else a point and 3, 6, or 9 digits: one text for one instant. */
function canonicalFraction(fraction: string): string {
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  return digits === "" ? "" : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
}
