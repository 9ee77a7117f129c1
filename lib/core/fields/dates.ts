import type { DateOrder } from "@/lib/core/formats/types";
import {
  dayOfNumber,
  daysInMonth,
  formatDay,
  isCalendarDay,
  monthLabel,
  SPREADSHEET_EPOCH,
  type CalendarDay,
} from "@/lib/core/fields/calendar";
import { datePartsOf, inOrder, type NumericDate } from "@/lib/core/fields/date-parts";
import { corrected, failure, quoted, type CellError, type CellOutcome } from "@/lib/core/fields/outcome";
import { clockTimeOf } from "@/lib/core/fields/time-of-day";

/** A day that was read from text, or the error that says why there is none. */
export type DayResult = { day: CalendarDay } | { error: CellError };

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const COMPACT_DAY = /^([12]\d{3})(\d{2})(\d{2})$/;
const SERIAL_DAY = /^(\d{5})(?:\.(\d+))?$/;

/** Serial numbers taken for spreadsheet days: 1954-10-03 to 2064-04-08. Others are more likely plain numbers. */
export const SERIAL_DAY_MIN = 20_000;
export const SERIAL_DAY_MAX = 60_000;

/** Reads the cell of a date field. `text` is trimmed and not empty. */
export function parseDate(text: string, dateOrder?: DateOrder): CellOutcome {
  const iso = ISO_DAY.exec(text);
  if (iso && isCalendarDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))) return { value: text };
  const result = readDay(text, dateOrder);
  if (result) return dateOutcome(text, result);
  const serial = SERIAL_DAY.exec(text);
  if (serial && Number(serial[1]) >= SERIAL_DAY_MIN && Number(serial[1]) <= SERIAL_DAY_MAX) {
    const value = formatDay(dayOfNumber(SPREADSHEET_EPOCH + Number(serial[1])));
    const dropped = /[1-9]/.test(serial[2] ?? "") ? " without its time of day" : "";
    return corrected(value, "serial-date", `Spreadsheet day number ${text} read as ${value}${dropped}.`);
  }
  const timed = clockTimeOf(text);
  if (timed) {
    const day = readDay(timed.before, dateOrder);
    if (day)
      return timedOutcome(text, day, timed.time.secondOfDay === 0 && !/[1-9]/.test(timed.time.fraction));
  }
  return failure("not-a-date", `${quoted(text)} is not a date. Write dates as YYYY-MM-DD.`);
}

/** Reads a date without a time of day in any notation known, or undefined when the text is not one. */
export function readDay(text: string, dateOrder?: DateOrder): DayResult | undefined {
  const compact = COMPACT_DAY.exec(text);
  if (compact) {
    const day = { year: Number(compact[1]), month: Number(compact[2]), day: Number(compact[3]) };
    return isCalendarDay(day.year, day.month, day.day) ? { day } : undefined;
  }
  const parts = datePartsOf(text);
  if (!parts) return undefined;
  if (parts.kind === "named") return existing(text, parts);
  return dateOrder ? ordered(text, parts, dateOrder) : unordered(text, parts);
}

function existing(text: string, { year, month, day }: CalendarDay, reading = ""): DayResult {
  if (isCalendarDay(year, month, day)) return { day: { year, month, day } };
  return {
    error: {
      code: "impossible-date",
      message: `${quoted(text)}${reading} does not exist: ${why(year, month, day)}.`,
    },
  };
}

function why(year: number, month: number, day: number): string {
  if (year < 1) return "there is no year 0";
  if (month < 1 || month > 12) return `there is no month ${month}`;
  if (day < 1) return `there is no day ${day}`;
  return `${monthLabel(month)} ${year} has ${daysInMonth(year, month)} days`;
}

const ORDER_WORDS: Record<DateOrder, string> = {
  dmy: "day/month/year",
  mdy: "month/day/year",
  ymd: "year/month/day",
};

function ordered(text: string, parts: NumericDate, order: DateOrder): DayResult {
  const day = inOrder(parts, order);
  return day ? existing(text, day, `, read as ${ORDER_WORDS[order]},`) : unordered(text, parts);
}

function unordered(text: string, parts: NumericDate): DayResult {
  const orders: DateOrder[] = parts.yearDigits === 4 ? ["dmy", "mdy"] : ["dmy", "mdy", "ymd"];
  const readings = new Map<string, CalendarDay>();
  for (const order of orders) {
    const day = inOrder(parts, order);
    if (day && isCalendarDay(day.year, day.month, day.day)) readings.set(formatDay(day), day);
  }
  const days = [...readings.values()];
  const [first] = days;
  if (!first)
    return existing(text, inOrder(parts, parts.first > 12 ? "dmy" : "mdy") ?? { year: 0, month: 0, day: 0 });
  if (days.length === 1) return { day: first };
  const message = `${quoted(text)} can mean ${[...readings.keys()].join(" or ")}. Choose the order of day and month.`;
  return { error: { code: "ambiguous-date", message } };
}

function dateOutcome(text: string, result: DayResult): CellOutcome {
  if ("error" in result) return result;
  const value = formatDay(result.day);
  return corrected(value, "date-format", `${quoted(text)} read as ${value}.`);
}

function timedOutcome(text: string, result: DayResult, isMidnight: boolean): CellOutcome {
  if ("error" in result) return result;
  const value = formatDay(result.day);
  return isMidnight
    ? corrected(value, "date-format", `${quoted(text)} read as ${value}.`)
    : corrected(value, "time-dropped", `${quoted(text)} read as ${value}: the field holds no time of day.`);
}
