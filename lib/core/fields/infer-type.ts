import type { DateOrder } from "@/lib/core/formats/types";
import { readDay } from "@/lib/core/fields/dates";
import { datePartsOf } from "@/lib/core/fields/date-parts";
import { parseDatetime } from "@/lib/core/fields/datetimes";
import { foldText } from "@/lib/core/fields/fold";
import { parseDecimal } from "@/lib/core/fields/numbers";
import { clockTimeOf } from "@/lib/core/fields/time-of-day";
import type { FieldType } from "@/lib/core/fields/types";

const PLACEHOLDERS = new Set(["-", "–", "—", "n/a", "#n/a", "na", "null", "none"]);
const BOOLEAN_WORDS = new Set("true false yes no ja nein oui non sí".split(" "));

/** Headers of numbers that are names: calculating with them makes no sense, and their zeros count. */
const IDENTIFIER_HEADER =
  /zip|postal|postcode|plz|phone|mobile|^tel|fax|iban|isbn|ean$|barcode|sku|code|account|serial|version|(^|[^a-z])(id|no|nr)$|번호|電話|郵便/i;
/** Headers of measures, where a fraction is only a matter of time. */
const MEASURE_HEADER =
  /price|cost|amount|total|sum|rate|ratio|avg|average|mean|score|weight|height|length|width|percent|%|\$|€|£|¥|betrag|preis|kosten|prix|precio|importe|giá|금액|가격|価格|金額|lat|lon/i;
const DATE_HEADER = /date|datum|fecha|data|jour|ngày|tag$|날짜|일$|日|birth|geburt/i;

/** Fewer whole numbers than this do not show that a column holds no others. */
const WHOLE_NUMBERS_MIN = 20;
/** Share of impossible days that a column of dates may have; they are then errors in the cells, not in the type. */
const IMPOSSIBLE_SHARE_MAX = 0.1;

/** True for words that stand for an empty cell in a column of another type. */
export function isPlaceholder(cell: string): boolean {
  return cell.length <= 4 && PLACEHOLDERS.has(cell.toLowerCase());
}

/** The type of a column whose cells (trimmed, without empty ones and placeholders) are `cells`. */
export function inferType(
  header: string,
  cells: readonly string[],
  order: DateOrder | undefined,
  decimalComma: boolean | undefined,
): FieldType {
  if (cells.length === 0) return "text";
  const distinct = [...new Set(cells)];
  if (distinct.every((cell) => BOOLEAN_WORDS.has(cell.toLowerCase()))) return "boolean";
  if (distinct.every((cell) => /^https?:\/\/\S+$/i.test(cell) && URL.canParse(cell))) return "url";
  if (distinct.every((cell) => isQuantity(cell, decimalComma)))
    return numberType(header, cells, decimalComma);
  return dateType(header, distinct, order) ?? "text";
}

/** A number to calculate with: no unit, no leading zero or plus, no exponent, at most 15 digits before the point. */
function isQuantity(cell: string, decimalComma: boolean | undefined): boolean {
  if (!/^-?\d[\d., ]*$/.test(cell) || /^-?0\d/.test(cell)) return false;
  const { value, correction } = parseDecimal(cell, decimalComma);
  if (correction?.code === "unit-removed") return false;
  if (typeof value === "number") return Number.isSafeInteger(Math.trunc(value));
  return typeof value === "string" && /^-?\d{1,15}\./.test(value);
}

function numberType(header: string, cells: readonly string[], decimalComma: boolean | undefined): FieldType {
  const whole = cells.every((cell) => Number.isInteger(parseDecimal(cell, decimalComma).value));
  if (whole && (IDENTIFIER_HEADER.test(header) || looksLikeKeys(cells))) return "text";
  if (!whole || MEASURE_HEADER.test(header) || cells.some((cell) => cell.includes("."))) return "decimal";
  return cells.length >= WHOLE_NUMBERS_MIN ? "integer" : "decimal";
}

/** Ten digits and more in every cell, all of one length: phone numbers, account numbers, barcodes. */
function looksLikeKeys(cells: readonly string[]): boolean {
  const length = cells[0]?.length ?? 0;
  return length >= 10 && cells.every((cell) => cell.length === length && /^\d+$/.test(cell));
}

function dateType(
  header: string,
  cells: readonly string[],
  order: DateOrder | undefined,
): FieldType | undefined {
  let impossible = 0;
  let timed = 0;
  const isDateHeader = DATE_HEADER.test(foldText(header)) || DATE_HEADER.test(header);
  for (const cell of cells) {
    const shape = dateShape(cell, isDateHeader);
    if (shape === undefined) return undefined;
    if (shape === "datetime") timed++;
    const error = shape === "datetime" ? parseDatetime(cell, order).error?.code : dayError(cell, order);
    if (error !== undefined && error !== "ambiguous-date") impossible++;
  }
  if (impossible > cells.length * IMPOSSIBLE_SHARE_MAX) return undefined;
  return timed > 0 ? "datetime" : "date";
}

function dayError(cell: string, order: DateOrder | undefined): string | undefined {
  const result = readDay(cell, order);
  if (result === undefined) return "not-a-date";
  return "error" in result ? result.error.code : undefined;
}

function dateShape(cell: string, isDateHeader: boolean): "date" | "datetime" | undefined {
  const timed = clockTimeOf(cell);
  const parts = datePartsOf(timed ? timed.before : cell);
  if (parts === undefined) return undefined;
  // "1.2.10" is more often a version than a day.
  if (parts.kind === "numeric" && parts.yearDigits === 2 && !cell.includes("/") && !isDateHeader)
    return undefined;
  return timed ? "datetime" : "date";
}
