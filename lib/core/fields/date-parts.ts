import type { DateOrder } from "@/lib/core/formats/types";
import type { CalendarDay } from "@/lib/core/fields/calendar";
import { isWeekday, monthOfName } from "@/lib/core/fields/month-names";

/** An all-numeric date whose parts stand in an order that its text alone may not tell. */
export interface NumericDate {
  kind: "numeric";
  first: number;
  second: number;
  third: number;
  /** Digits of the year: with four, `third` is the year. */
  yearDigits: 2 | 4;
}

/** A date whose text says which part is which; the day may still not exist. */
export interface NamedDate extends CalendarDay {
  kind: "named";
}

export type DateParts = NumericDate | NamedDate;

const YEAR_FIRST = /^(\d{4})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{1,2})\.?$/;
const EAST_ASIAN = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?$/u;
const VIETNAMESE = /^(?:ngày )?(\d{1,2}) tháng (\d{1,2})(?: năm|,)? (\d{4})$/u;
const YEAR_LAST = /^(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?$/;
const DAY_MONTH_YEAR =
  /^(\d{1,2})(?:st|nd|rd|th|er|\.)?[-/., ]{0,2}(?:de |of )?(\p{L}{3,12})[-/., ]{0,2}(?:de |del )?'?(\d{4}|\d{2})$/u;
const MONTH_DAY_YEAR = /^(\p{L}{3,12})[-/. ]{0,2}(\d{1,2})(?:st|nd|rd|th)?[-/., ]{1,2}'?(\d{4}|\d{2})$/u;
const YEAR_MONTH_DAY = /^(\d{4})[-/., ]{0,2}(\p{L}{3,12})[-/., ]{0,2}(\d{1,2})$/u;

/** No date is written longer than this; longer text is not even looked at. */
const DATE_CHARS_MAX = 48;

/** Takes the text of a date apart (no time of day), or undefined when it is none. */
export function datePartsOf(text: string): DateParts | undefined {
  if (text.length > DATE_CHARS_MAX) return undefined;
  const plain = withoutWeekday(
    text.normalize("NFKC").toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim(),
  );
  return numericParts(plain) ?? worded(plain);
}

function numericParts(text: string): DateParts | undefined {
  let match = YEAR_FIRST.exec(text);
  if (match) return named(match[1], match[3], match[4]);
  match = EAST_ASIAN.exec(text);
  if (match) return named(match[1], match[2], match[3]);
  match = VIETNAMESE.exec(text);
  if (match) return named(match[3], match[2], match[1]);
  match = YEAR_LAST.exec(text);
  if (!match) return undefined;
  const yearDigits = match[4]?.length === 4 ? 4 : 2;
  return {
    kind: "numeric",
    first: Number(match[1]),
    second: Number(match[3]),
    third: Number(match[4]),
    yearDigits,
  };
}

function worded(text: string): DateParts | undefined {
  let match = DAY_MONTH_YEAR.exec(text);
  if (match) return namedMonth(match[3], match[2], match[1]);
  match = MONTH_DAY_YEAR.exec(text);
  if (match) return namedMonth(match[3], match[1], match[2]);
  match = YEAR_MONTH_DAY.exec(text);
  return match ? namedMonth(match[1], match[2], match[3]) : undefined;
}

function named(year = "", month = "", day = ""): NamedDate {
  return { kind: "named", year: Number(year), month: Number(month), day: Number(day) };
}

function namedMonth(year = "", name = "", day = ""): NamedDate | undefined {
  const month = monthOfName(name);
  if (month === undefined) return undefined;
  return {
    kind: "named",
    year: year.length === 2 ? fullYear(Number(year)) : Number(year),
    month,
    day: Number(day),
  };
}

function withoutWeekday(text: string): string {
  const match = /^(\p{L}{2,12})[.,]{0,2} /u.exec(text);
  return match && isWeekday(match[1] ?? "") ? text.slice(match[0].length) : text;
}

/** Two-digit years as POSIX reads them: 00–68 are 2000–2068, 69–99 are 1969–1999. */
function fullYear(year: number): number {
  return year <= 68 ? 2000 + year : 1900 + year;
}

/** The day that a numeric date means in that order; it may not exist. Undefined when the order cannot apply. */
export function inOrder(date: NumericDate, order: DateOrder): CalendarDay | undefined {
  const { first, second, third } = date;
  if (order === "ymd") {
    return date.yearDigits === 4 ? undefined : { year: fullYear(first), month: second, day: third };
  }
  const year = date.yearDigits === 4 ? third : fullYear(third);
  return order === "dmy" ? { year, month: second, day: first } : { year, month: first, day: second };
}
