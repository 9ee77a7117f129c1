import type { SourceOptions } from "@/lib/core/formats/types";
import { delimiterCandidates, dialectsFor } from "./candidates";
import type { Dialect } from "./dialect";
import { tryDialect, type Trial } from "./score";

export interface DialectFinding {
  dialect: Dialect;
  /** True when no delimiter was found: every line is one cell. */
  oneColumn: boolean;
  newline: string;
  evidence: string[];
}

/** Characters of the sample on which the dialects are compared. */
const TRIAL_CHARS = 48 * 1024;

export type ToldDialect = Pick<SourceOptions, "delimiter" | "quote" | "escape">;

/**
 * Finds delimiter, quote, escape and line end of a text sample. What was told stands, and only the rest is sought.
 * @param whole whether the sample is the whole file
 */
export function detectDialect(sample: string, whole: boolean, told: ToldDialect): DialectFinding {
  const wholeTrial = whole && sample.length <= TRIAL_CHARS;
  const text = wholeTrial ? sample : sample.slice(0, TRIAL_CHARS);
  const newline = detectNewline(text);
  const named = excelSeparator(text);
  const body = named === undefined ? text : text.slice(named.lineChars);
  const lines = body.split(/\r\n|\r|\n/, 400).filter((line) => line.trim() !== "");
  if (!wholeTrial && lines.length > 1 && lines.length < 400) lines.pop();
  const fixedDelimiter = told.delimiter ?? named?.delimiter;
  const delimiters = fixedDelimiter !== undefined ? [fixedDelimiter] : delimiterCandidates(lines);
  const trials = [...delimiters, ...(fixedDelimiter === undefined ? [""] : [])]
    .flatMap((delimiter) => dialectsFor(body, delimiter))
    .filter(
      (dialect) =>
        (told.quote === undefined || dialect.quote === told.quote) &&
        (told.escape === undefined || dialect.escape === told.escape),
    );
  if (trials.length === 0 || told.quote !== undefined || told.escape !== undefined) {
    const quote = told.quote ?? '"';
    for (const delimiter of delimiters) trials.push({ delimiter, quote, escape: told.escape ?? "" });
    if (trials.length === 0) trials.push({ delimiter: "", quote, escape: told.escape ?? "" });
  }
  let best: Trial | undefined;
  for (const dialect of trials) {
    const trial = tryDialect(body, dialect, wholeTrial);
    if (best === undefined || trial.score > best.score * 1.0001) best = trial;
  }
  return findingOf(best, newline, told, named?.delimiter);
}

function findingOf(
  best: Trial | undefined,
  newline: string,
  told: ToldDialect,
  named?: string,
): DialectFinding {
  const found = best?.dialect ?? { delimiter: "", quote: '"', escape: "" };
  const oneColumn = found.delimiter === "";
  // The usual delimiter does no harm in one column, unless the cells hold it: then there is none.
  const harmless = best?.rows.every((row) => row.every((cell) => !cell.includes(","))) ?? true;
  const dialect = oneColumn ? { ...found, delimiter: told.delimiter ?? (harmless ? "," : "") } : found;
  const evidence: string[] = [];
  const name = delimiterName(dialect.delimiter);
  if (told.delimiter !== undefined) evidence.push(`Delimiter ${name}: as told.`);
  else if (named !== undefined)
    evidence.push(`Delimiter ${name}: the first line of the file says so (sep=).`);
  else if (oneColumn)
    evidence.push("Single column: no character divides the lines alike, so each line is one cell.");
  else evidence.push(`Delimiter ${name}: it divides the rows most alike, into cells that make sense.`);
  evidence.push(quoteEvidence(best, told));
  return { dialect, oneColumn, newline, evidence };
}

function quoteEvidence(best: Trial | undefined, told: ToldDialect): string {
  const { quote, escape } = best?.dialect ?? { quote: '"', escape: "" };
  if (told.quote !== undefined) return quote === "" ? "No quotes: as told." : `Quote ${quote}: as told.`;
  if (quote === "") return "No quotes: the quote characters in the file are part of its text.";
  if (best === undefined || best.quotedCells === 0)
    return `Quote ${quote}: the usual one; no cell of the sample is quoted.`;
  const escaping = escape === "" ? "" : `, escaped by ${escape === "\0" ? "NUL" : escape}`;
  return `Quote ${quote}: ${best.quotedCells} cells of the sample are quoted with it${escaping}.`;
}

function delimiterName(delimiter: string): string {
  const names: Record<string, string> = {
    "\t": "tab",
    " ": "space",
    ",": "comma",
    ";": "semicolon",
    "|": "pipe",
  };
  return names[delimiter] ?? JSON.stringify(delimiter);
}

/** The most frequent line end of the sample; "\n" when there is none. */
function detectNewline(text: string): string {
  let crlf = 0;
  let cr = 0;
  let lf = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) lf++;
    else if (code === 13) {
      if (text.charCodeAt(at + 1) === 10) {
        crlf++;
        at++;
      } else cr++;
    }
  }
  if (crlf > 0 && crlf >= lf && crlf >= cr) return "\r\n";
  return cr > lf ? "\r" : "\n";
}

/** Excel's first line `sep=;`, which names the delimiter and is no row of the table. */
export function excelSeparator(text: string): { delimiter: string; lineChars: number } | undefined {
  const match = /^"?sep=(.)"?(?:\r\n|\r|\n|$)/i.exec(text);
  return match === null ? undefined : { delimiter: match[1] ?? ",", lineChars: match[0].length };
}
