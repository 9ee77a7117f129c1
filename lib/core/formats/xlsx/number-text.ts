/** What a cell's number format makes of its number. Durations are elapsed times such as [h]:mm; a time shows no day. */
export const PLAIN = 0;
export const DATE = 1;
export const DATE_MILLIS = 2;
export const DURATION = 3;
export const TIME = 4;
export type NumberKind = typeof PLAIN | typeof DATE | typeof DATE_MILLIS | typeof DURATION | typeof TIME;

const DAY_MS = 86_400_000;
/**
 * Times of so many days and more are moments whose day is just not shown. Below, the day would be one of early 1900: it
 * is a sum of times that has run over a day, since nobody keeps a date there in a cell that shows none.
 */
const TIME_DAYS_MAX = 60;
/** 9999-12-31, the last day a workbook can show. */
const SERIAL_MAX = 2_958_466;
const DAYS_1904 = 1_462;
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);

/**
 * A number cell's text as decimal digits without an exponent: "1E+3" → "1000". Whole numbers keep every digit they are
 * written with; fractions are rounded to the 15 significant digits a workbook shows, so that the binary noise in
 * 0.30000000000000004 does not become data. What is no number stays as written.
 */
export function decimalText(raw: string): string {
  if (/^-?(?:0|[1-9]\d*)$/.test(raw)) return raw === "-0" ? "0" : raw;
  const text = raw.trim();
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) return raw;
  if (/^[+-]?\d+$/.test(text)) return text.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1");
  return withoutExponent(String(Number(value.toPrecision(15))));
}

function withoutExponent(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text === "-0" ? "0" : text;
  const [, sign = "", whole = "", fraction = "", exponentText = ""] = match;
  const digits = whole + fraction;
  const exponent = Number(exponentText);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, "0");
}

/**
 * A serial number as "YYYY-MM-DD" when it has no time part, "YYYY-MM-DDTHH:MM:SS" when it has, "HH:MM:SS" when it is
 * less than a day, with milliseconds where the number format shows them. Durations are "26:30:00", and so are times over
 * 24 hours. The 1900 system counts a 29 February 1900 that
 * never was (serial 60). Numbers outside the calendar stay numbers.
 */
export function dateText(raw: string, kind: NumberKind, date1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === "" || !Number.isFinite(value) || value < 0) return decimalText(raw);
  if (kind === DURATION || (kind === TIME && value >= 1 && value < TIME_DAYS_MAX)) return durationText(value);
  const unitMs = kind === DATE_MILLIS ? 1 : 1000;
  const totalMs = Math.round((value * DAY_MS) / unitMs) * unitMs;
  const day = Math.floor(totalMs / DAY_MS);
  const timeMs = totalMs - day * DAY_MS;
  // Day 0 of the 1904 system is a real day (1904-01-01), but a bare time of day is by far the likelier meaning.
  if (day === 0) return timeText(timeMs);
  const date = wholeDayText(day, date1904);
  if (date === undefined) return decimalText(raw);
  return timeMs === 0 ? date : `${date}T${timeText(timeMs)}`;
}

/** A whole serial number as a date; undefined for day 0 and for days no workbook can show. */
export function wholeDayText(day: number, date1904: boolean): string | undefined {
  const serial = date1904 ? day + DAYS_1904 : day;
  return day === 0 || serial >= SERIAL_MAX ? undefined : dayText(serial);
}

const dayTexts = new Map<number, string>();

function dayText(serial: number): string {
  let text = dayTexts.get(serial);
  if (text === undefined) {
    text = serial === 60 ? "1900-02-29" : isoDay(serial < 60 ? serial + 1 : serial);
    // A column of dates repeats a few thousand days; the cap only stops a file made to fill memory.
    if (dayTexts.size >= 100_000) dayTexts.clear();
    dayTexts.set(serial, text);
  }
  return text;
}

function isoDay(daysSince1899: number): string {
  return new Date(EPOCH_1900_MS + daysSince1899 * DAY_MS).toISOString().slice(0, 10);
}

function timeText(ms: number): string {
  const millis = ms % 1000;
  const clock = clockText(Math.floor(ms / 1000), 2);
  return millis === 0 ? clock : `${clock}.${String(millis).padStart(3, "0")}`;
}

function durationText(days: number): string {
  return clockText(Math.round(days * 86_400), 1);
}

function clockText(seconds: number, hourDigits: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = String(Math.floor(seconds / 3600)).padStart(hourDigits, "0");
  return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A cell of type "d": the same shapes as dateText, from the ISO 8601 text the file holds. */
export function isoCellText(raw: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?Z?$/.exec(raw.trim());
  if (!match) return raw;
  const [, date = "", minutes = "", seconds = "00", fraction = ""] = match;
  const millis = fraction.slice(0, 3).replace(/0+$/, "");
  if (minutes === "00:00" && seconds === "00" && millis === "") return date;
  return `${date}T${minutes}:${seconds}${millis === "" ? "" : `.${millis.padEnd(3, "0")}`}`;
}
