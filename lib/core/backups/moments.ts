import { isCalendarDay } from "@/lib/core/fields/calendar";

/**
 * As PostgreSQL writes one, on a day that every year has. There are two in each of a million records: telling them by the
 * clock takes four times as long.
 */
export const PLAIN_MOMENT =
  /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)(?!\d)/;

/** Whether it is a text that names a moment which there is. */
export function isMoment(text: unknown): boolean {
  if (typeof text !== "string") return false;
  if (PLAIN_MOMENT.test(text)) return true;
  // `Date.parse` takes 31 April for 1 May, which PostgreSQL refuses.
  const day = DAY.exec(text);
  if (day && !isCalendarDay(Number(day[1]), Number(day[2]), Number(day[3]))) return false;
  return !Number.isNaN(Date.parse(text));
}
