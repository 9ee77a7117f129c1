import type { DateOrder } from "@/lib/core/formats/types";
import { isCalendarDay } from "@/lib/core/fields/calendar";
import { datePartsOf, inOrder, type NumericDate } from "@/lib/core/fields/date-parts";
import { clockTimeOf } from "@/lib/core/fields/time-of-day";

/** How a numeric date can begin, a weekday before it or not. Most cells fail this at their first character. */
const NUMERIC_START = /^(?:\p{L}{2,12}[.,]{0,2} )?\p{Nd}{1,2} ?[-/. ／．－]/u;

const ORDERS = ["dmy", "mdy", "ymd"] as const;

/** An order as good as proven may still meet a few slips among the dates. */
const SLIPS_PER_DATE_MAX = 0.1;

/**
 * The order of day, month and year that the all-numeric dates among `values` prove: one whose reading exists where the
 * other orders' does not. "ambiguous" when they leave it open or contradict one another, which is a question to the
 * person and never a guess. Undefined when no value needs an order. Other texts, and dates that exist in no
 * order, are passed over.
 */
export function dateOrderOf(values: Iterable<string>): DateOrder | "ambiguous" | undefined {
  let dates = 0;
  const fits: Record<DateOrder, number> = { dmy: 0, mdy: 0, ymd: 0 };
  for (const value of values) {
    const parts = numericDateOf(value);
    const orders = parts && ORDERS.filter((order) => exists(parts, order));
    // The 31st of February is a mistake in any order, and tells nothing of the one that was meant.
    if (!orders || orders.length === 0) continue;
    dates++;
    for (const order of orders) fits[order]++;
  }
  if (dates === 0) return undefined;
  const [best, next] = ORDERS.toSorted((a, b) => fits[b] - fits[a]);
  if (best === undefined || next === undefined || fits[best] === fits[next]) return "ambiguous";
  return dates - fits[best] <= dates * SLIPS_PER_DATE_MAX ? best : "ambiguous";
}

function numericDateOf(value: string): NumericDate | undefined {
  const text = value.trim();
  if (!NUMERIC_START.test(text)) return undefined;
  const parts = datePartsOf(text) ?? datePartsOf(clockTimeOf(text)?.before ?? "");
  return parts?.kind === "numeric" ? parts : undefined;
}

function exists(parts: NumericDate, order: DateOrder): boolean {
  const day = inOrder(parts, order);
  return day !== undefined && isCalendarDay(day.year, day.month, day.day);
}
