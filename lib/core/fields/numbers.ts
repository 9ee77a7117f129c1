import { corrected, failure, quoted, type CellOutcome } from "@/lib/core/fields/outcome";

/** A finite decimal number, exactly: the value is `digits` × 10^-scale. No zero leads `digits`, none ends a fraction. */
interface ExactNumber {
  negative: boolean;
  digits: string;
  /** Digits after the point; negative for whole numbers that end in zeros. */
  scale: number;
}

interface ReadNumber {
  number: ExactNumber;
  /** Words that were passed over, such as "days" or "$". */
  unit: string;
  /** Written as a program would write it: no grouping, no unit, a point. */
  plain: boolean;
}

/** Longest number stored, in digits written out: more is an error rather than a cell of megabytes. */
const DIGITS_MAX = 1000;
/** Text longer than this is no number; it is not looked at, so that patterns never run over a book. */
const NUMBER_CHARS_MAX = 1100;

const PLAIN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d{1,4})?$/i;
const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
const CURRENCY_CODES =
  "USD EUR GBP JPY CNY KRW VND CHF CAD AUD NZD INR SEK NOK DKK PLN CZK THB SGD HKD TWD BRL MXN RUB TRY";
const CURRENCY = new RegExp(
  `^(?:\\p{Sc}|US\\$|A\\$|C\\$|kr|đ|${CURRENCY_CODES.replaceAll(" ", "|")})$`,
  "iu",
);
/** Words that only count what the field counts. Others (weeks, km, million) would change the number's meaning. */
const UNITS = new Set(
  [
    "day days d tag tage tagen jour jours día días dia dias giorni dagen ngày 일 日 天 日間 일간",
    "card cards karten cartes thẻ point points pt pts punkte điểm 점 点 pc pcs piece pieces stück stk",
    "time times x mal fois vez veces lần 번 회 回 % percent prozent",
  ]
    .join(" ")
    .split(" "),
);

/** Reads the cell of an integer field. `text` is trimmed and not empty. Integers beyond 2^53 stay strings of digits. */
export function parseInteger(text: string, decimalComma?: boolean): CellOutcome {
  const read = readNumber(text, decimalComma);
  if (read === undefined) return notNumber(text, "a whole number");
  if (read === "too-long") return tooLong();
  const whole = plainText(read.number);
  if (whole.includes(".")) return failure("not-whole", `${quoted(text)} is not a whole number.`);
  const value = Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  return outcome(text, value, read, read.plain && text === whole);
}

/**
 * Reads the cell of a decimal field: a number where a double keeps every digit, else a string of digits. "12 %" is 12
 * as written, not 0.12: a column of percentages stays one. `text` is trimmed and not empty.
 */
export function parseDecimal(text: string, decimalComma?: boolean): CellOutcome {
  const read = readNumber(text, decimalComma);
  if (read === undefined) return notNumber(text, "a number");
  if (read === "too-long") return tooLong();
  return outcome(text, decimalValue(read.number), read, read.plain);
}

function outcome(text: string, value: number | string, read: ReadNumber, plain: boolean): CellOutcome {
  if (plain) return { value };
  if (read.unit !== "")
    return corrected(value, "unit-removed", `${quoted(text)} read as ${value} (without "${read.unit}").`);
  return corrected(value, "number-format", `${quoted(text)} read as ${value}.`);
}

function notNumber(text: string, what: string): CellOutcome {
  return failure("not-a-number", `${quoted(text)} is not ${what}.`);
}

function tooLong(): CellOutcome {
  return failure("number-too-long", `The number has more than ${DIGITS_MAX} digits.`);
}

function readNumber(text: string, decimalComma: boolean | undefined): ReadNumber | "too-long" | undefined {
  if (text.length > NUMBER_CHARS_MAX) return /^[+-]?[\d.,]+$/.test(text) ? "too-long" : undefined;
  // With a decimal comma "1.234" groups thousands, so only numbers without a point are plain.
  if (PLAIN.test(text) && !(decimalComma === true && text.includes("."))) return exact(text, "", true);
  let rest = text.normalize("NFKC").replace(/[−–]/g, "-").replace(/\s+/g, " ").trim();
  const accounting = /^\((.+)\)$/.exec(rest);
  const { number, unit } = withoutUnits((accounting?.[1] ?? rest).trim());
  rest = number;
  if (rest.endsWith("-") && !rest.startsWith("-")) rest = `-${rest.slice(0, -1).trim()}`;
  if (accounting) rest = rest.startsWith("-") ? "" : `-${rest}`;
  const numeral = withoutGrouping(rest, decimalComma);
  return numeral === undefined ? undefined : exact(numeral, unit, false);
}

/** Takes currency signs, percent signs and counting words off both ends. */
function withoutUnits(text: string): { number: string; unit: string } {
  const match = /^([+-]?) ?([^\d.,+-]*?) ?([+-]?) ?([\d.,][\d.,'’_ ]*(?:e[+-]?\d+)?-?) ?([^\d]*)$/iu.exec(
    text,
  );
  if (!match) return { number: text, unit: "" };
  const [, sign = "", before = "", inner = "", number = "", after = ""] = match;
  const prefix = before.trim();
  const suffix = after.trim();
  const known = (prefix === "" || CURRENCY.test(prefix)) && (suffix === "" || isUnit(suffix));
  if (!known || (sign !== "" && inner !== "")) return { number: text, unit: "" };
  return { number: `${sign}${inner}${number.trim()}`, unit: [prefix, suffix].filter(Boolean).join(" ") };
}

function isUnit(word: string): boolean {
  return CURRENCY.test(word) || UNITS.has(word.toLowerCase().normalize("NFC").replace(/\.$/, ""));
}

/** The numeral with a point and without grouping, or undefined when its separators make no sense. */
function withoutGrouping(text: string, decimalComma: boolean | undefined): string | undefined {
  let numeral = text;
  if (/\d[ '’_]\d/.test(numeral)) {
    if (!/^[+-]?\d{1,3}(?:[ '’_]\d{3})+(?:[.,]\d*)?$/.test(numeral)) return undefined;
    numeral = numeral.replace(/[ '’_]/g, "");
  }
  const point = numeral.lastIndexOf(".");
  const comma = numeral.lastIndexOf(",");
  if (point >= 0 && comma >= 0)
    return point > comma ? ungrouped(numeral, ",", ".") : ungrouped(numeral, ".", ",");
  if (comma >= 0) {
    const grouped = decimalComma === true ? undefined : ungrouped(numeral, ",", ".");
    return grouped ?? ungrouped(numeral, ".", ",");
  }
  if (point >= 0 && decimalComma === true)
    return ungrouped(numeral, ".", ",") ?? ungrouped(numeral, ",", ".");
  if (point >= 0 && numeral.indexOf(".") !== point) return ungrouped(numeral, ".", ",");
  return numeral;
}

/** Thousands in threes, or in India's twos before the last three. */
function ungrouped(text: string, group: "," | ".", decimal: "," | "."): string | undefined {
  const [head = "", fraction, ...more] = text.split(decimal);
  if (more.length > 0 || fraction?.includes(group)) return undefined;
  if (head.includes(group)) {
    const parts = head.replace(/^[+-]/, "").split(group);
    const [first = "", ...others] = parts;
    const last = others.at(-1) ?? "";
    const inner = others.slice(0, -1);
    const western = first.length <= 3 && inner.every((part) => part.length === 3);
    const indian = group === "," && first.length <= 2 && inner.every((part) => part.length === 2);
    if (first === "" || last.length !== 3 || !(western || indian)) return undefined;
  }
  const whole = head.replaceAll(group, "");
  return fraction === undefined ? whole : `${whole}.${fraction}`;
}

function exact(numeral: string, unit: string, plain: boolean): ReadNumber | "too-long" | undefined {
  const match = NUMERAL.exec(numeral);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!match || whole + fraction === "") return undefined;
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  const scale = digits === "" ? 0 : fraction.length - Number(exponent) - (significant.length - digits.length);
  if (digits.length + Math.abs(scale) > DIGITS_MAX) return "too-long";
  return { number: { negative: sign === "-" && digits !== "", digits, scale }, unit, plain };
}

/** Written out without an exponent: "-0.00125", "1200". */
function plainText({ negative, digits, scale }: ExactNumber): string {
  const sign = negative ? "-" : "";
  if (digits === "") return "0";
  if (scale <= 0) return sign + digits + "0".repeat(-scale);
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function decimalValue(number: ExactNumber): number | string {
  const text = plainText(number);
  const double = Number(text);
  // Fifteen digits always survive a double, away from its limits.
  if (number.digits.length <= 15 && Math.abs(number.scale) <= 100) return double;
  return Number.isFinite(double) && plainNumber(double) === text ? double : text;
}

/** A double's shortest digits without an exponent, so that 1e21 reads back as what it is. */
export function plainNumber(value: number): string {
  const read = exact(String(value), "", true);
  return read === undefined || read === "too-long" ? String(value) : plainText(read.number);
}
