const DAYS = { Y: 365, M: 30, W: 7, D: 1 } as const;

/**
 * Whole days of a number of days or of an ISO 8601 duration without hours (P1Y6M, P12W, P90D); a year is 365 days and a
 * month 30. Undefined for anything else.
 */
export function daysOfDuration(duration: number | string): number | undefined {
  if (typeof duration === "number") return Number.isInteger(duration) && duration >= 0 ? duration : undefined;
  if (!/^P(?=\d)(\d{1,5}Y)?(\d{1,5}M)?(\d{1,5}W)?(\d{1,5}D)?$/.test(duration)) return undefined;
  let days = 0;
  for (const [, number, unit] of duration.matchAll(/(\d+)([YMWD])/g)) {
    days += Number(number) * DAYS[unit as keyof typeof DAYS];
  }
  return days;
}
