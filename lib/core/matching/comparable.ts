import { dayNumber } from "@/lib/core/fields/calendar";
import { plainNumber } from "@/lib/core/fields/numbers";
import type { FieldValue } from "@/lib/core/fields/types";

const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/;
const NUMERAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;
/** Longer text is no number; canonical values have at most a thousand digits. */
const NUMERAL_CHARS_MAX = 1200;

/** A value as text, as PostgreSQL's `->>` gives it: numbers without an exponent. */
export function textOf(value: FieldValue): string {
  return typeof value === "number" ? plainNumber(value) : String(value);
}

/** Days from 0001-01-01 to the day of a stored date or datetime; undefined for what has not their form. */
export function dayOf(value: FieldValue | undefined): number | undefined {
  const match = typeof value === "string" ? DAY.exec(value) : null;
  return match ? dayNumber(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** A decimal number, exactly: units ÷ 10^scale. */
export interface ExactDecimal {
  units: bigint;
  scale: number;
}

/** The exact number that a stored number or string of digits is; undefined for anything else. */
export function decimalOf(value: FieldValue | undefined): ExactDecimal | undefined {
  if (value === undefined || typeof value === "boolean") return undefined;
  const text = textOf(value);
  const match = text.length <= NUMERAL_CHARS_MAX ? NUMERAL.exec(text) : null;
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** |a − b| compared with `tolerance`: 0 for equal numbers, 1 within it, 2 beyond. */
export function distanceClass(a: ExactDecimal, b: ExactDecimal, tolerance: ExactDecimal): 0 | 1 | 2 {
  const scale = Math.max(a.scale, b.scale, tolerance.scale);
  const distance = scaled(a, scale) - scaled(b, scale);
  if (distance === 0n) return 0;
  return (distance < 0n ? -distance : distance) <= scaled(tolerance, scale) ? 1 : 2;
}

function scaled(decimal: ExactDecimal, scale: number): bigint {
  return decimal.units * 10n ** BigInt(scale - decimal.scale);
}
