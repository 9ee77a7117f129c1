export interface ClockTime {
  /** Whole seconds since midnight. */
  secondOfDay: number;
  /** Digits after the decimal sign of the seconds, as written; "" when there are none. */
  fraction: string;
  /** Minutes east of UTC, or undefined when the text names no zone. */
  offsetMinutes?: number;
}

const CLOCK =
  /(?:[Tt]|[ ,]+(?:at )?)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?(?: ?([AaPp])\.?[Mm]\.?)?(?: ?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?$/;

/** No timestamp is written longer than this; longer text is not even looked at. */
const TIMESTAMP_CHARS_MAX = 80;

/**
 * Splits a time of day off the end of `text`: "2023-01-05 14:30:00.5+02:00" gives the time and "2023-01-05" as
 * `before`. Undefined when there is none or it does not exist (25:00). Leap seconds do not exist here.
 */
export function clockTimeOf(text: string): { before: string; time: ClockTime } | undefined {
  if (text.length > TIMESTAMP_CHARS_MAX) return undefined;
  const match = CLOCK.exec(text);
  if (!match) return undefined;
  const hour = hourOf(Number(match[1]), match[5]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? "0");
  const offsetMinutes = offsetOf(match[6]);
  if (hour === undefined || minute > 59 || second > 59 || offsetMinutes === null) return undefined;
  const time: ClockTime = { secondOfDay: hour * 3600 + minute * 60 + second, fraction: match[4] ?? "" };
  if (offsetMinutes !== undefined) time.offsetMinutes = offsetMinutes;
  return { before: text.slice(0, match.index), time };
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

/** Undefined: no zone stated. Null: one that does not exist. */
function offsetOf(zone: string | undefined): number | undefined | null {
  if (zone === undefined) return undefined;
  if (!/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 18 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
