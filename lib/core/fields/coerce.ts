import { restore } from "@/lib/core/csv-safety";
import { cleanText } from "@/lib/core/fields/clean";
import { parseBoolean } from "@/lib/core/fields/booleans";
import { parseChoice } from "@/lib/core/fields/choices";
import { countryOf } from "@/lib/core/fields/countries";
import { parseDate } from "@/lib/core/fields/dates";
import { parseDatetime } from "@/lib/core/fields/datetimes";
import { parseDecimal, parseInteger, plainNumber } from "@/lib/core/fields/numbers";
import { corrected, failure, quoted, type CellOutcome, type CoerceOptions } from "@/lib/core/fields/outcome";
import { parseUrl } from "@/lib/core/fields/urls";
import type { Field, FieldType, FieldValue } from "@/lib/core/fields/types";

const STILL_THERE = new Set(
  [
    "current currently present now ongoing today - – — … ... still/there tbd heute aktuell laufend",
    "actuel aujourd'hui actual hoy hiện/tại nay 현재 체류중 現在 滞在中 至今",
  ]
    .join(" ")
    .split(" ")
    .map((word) => word.replace("/", " ")),
);
STILL_THERE.add("still here").add("to date").add("until now").add("en cours").add("en curso");

const PLACEHOLDERS = new Set([
  "-",
  "–",
  "—",
  "--",
  "n/a",
  "#n/a",
  "na",
  "null",
  "nil",
  "none",
  "k. a.",
  "k.a.",
  "?",
]);

/** Types whose values a spreadsheet could take for a formula: the ones that exports guard. */
function isTextLike(type: FieldType): boolean {
  return type === "text" || type === "enum" || type === "reference" || type === "url" || type === "media";
}

/** Types whose cells can only be a value or nothing, so that "n/a" can only mean nothing. */
const PLACEHOLDER_TYPES = new Set<FieldType>(["integer", "decimal", "boolean", "date", "datetime", "url"]);

/**
 * What becomes of a raw cell in that field: its canonical value, the correction made to get there, or why it cannot be
 * stored. The text of a canonical value (`valueToText`) gives the same value without a correction, in the options' own
 * defaults. `compileColumn` gives the same results faster.
 */
export function explainCell(raw: string, field: Field, options: CoerceOptions): CellOutcome {
  const unguarded = options.formulaGuards === true && isTextLike(field.type) ? restore(raw) : raw;
  const { text, replaced, trimmed } = cleanText(unguarded);
  if (text === "") return emptyCell(field);
  const outcome = emptyWord(text, field) ?? parse(text, field, options);
  if (outcome.error !== undefined || outcome.correction !== undefined) return outcome;
  if (unguarded !== raw) {
    const message = "An apostrophe that kept spreadsheets from running the text as a formula was removed.";
    return { ...outcome, correction: { code: "formula-guard", message } };
  }
  if (replaced) {
    const message = "Characters that no database can keep were removed or replaced.";
    return { ...outcome, correction: { code: "characters-replaced", message } };
  }
  if (!trimmed) return outcome;
  return {
    ...outcome,
    correction: { code: "trimmed", message: "White space around the value was removed." },
  };
}

/** The raw text of a canonical value, which coerces back to it. */
export function valueToText(value: FieldValue): string {
  return typeof value === "number" ? plainNumber(value) : String(value);
}

function parse(text: string, field: Field, options: CoerceOptions): CellOutcome {
  switch (field.type) {
    case "integer":
      return parseInteger(text, options.decimalComma);
    case "decimal":
      return parseDecimal(text, options.decimalComma);
    case "boolean":
      return parseBoolean(text);
    case "date":
      return parseDate(text, options.dateOrder);
    case "datetime":
      return parseDatetime(text, options.dateOrder);
    case "enum":
      return parseChoice(text, field.values ?? []);
    case "url":
      return parseUrl(text);
    case "text":
    case "reference":
    case "media":
      return field.semantic === "country" ? parseCountry(text) : { value: text };
  }
}

function parseCountry(text: string): CellOutcome {
  const name = countryOf(text);
  if (name === undefined || name === text) return { value: text };
  return corrected(name, "country-name", `${quoted(text)} read as ${name}.`);
}

function emptyCell(field: Field): CellOutcome {
  return field.required ? failure("required", `${field.label} is required.`) : {};
}

/** Words that stand for an empty cell, in the fields where they cannot be a value. */
function emptyWord(text: string, field: Field): CellOutcome | undefined {
  if (text.length > 20) return undefined;
  const word = text.normalize("NFC").toLowerCase();
  if (field.semantic === "openEnd" && STILL_THERE.has(word)) {
    if (field.required) return emptyCell(field);
    return {
      correction: {
        code: "still-there",
        message: `${quoted(text)} read as not ended yet: the cell stays empty.`,
      },
    };
  }
  if (!PLACEHOLDER_TYPES.has(field.type) || !PLACEHOLDERS.has(word)) return undefined;
  if (field.required) return emptyCell(field);
  return { correction: { code: "empty-placeholder", message: `${quoted(text)} read as an empty cell.` } };
}
