import type { Dialect } from "./dialect";

export const USUAL_DELIMITERS = [",", ";", "\t", "|"];
/** How readily a delimiter is believed; anything not listed is rarer still. */
const PRIORS: Record<string, number> = {
  ",": 1,
  ", ": 1,
  "\t": 1,
  ";": 0.99,
  "|": 0.97,
  "\t\t": 0.97,
  "||": 0.97,
  "::": 0.95,
  "~": 0.85,
  "^": 0.85,
  "\u0001": 1,
  "\u001f": 1,
  "\u00a7": 0.9,
  ":": 0.6,
  " ": 0.6,
};

export function delimiterPrior(delimiter: string): number {
  return PRIORS[delimiter] ?? (delimiter.length > 1 ? 0.9 : 0.55);
}

/** Characters that are never delimiters by themselves: they belong to words, numbers, dates, quotes and sentences. */
const NEVER = /[\p{L}\p{M}\p{N}\p{Sc}"'`./\-_+\\()[\]{}<>?!%@\r\n\u00a0°’‘“”…–—ºª]/u;

/**
 * The delimiters worth trying on a text: the usual ones that occur, and any other character or doubled character that
 * occurs in most lines.
 */
export function delimiterCandidates(lines: readonly string[]): string[] {
  const inLines = new Map<string, number>();
  for (const line of lines) {
    for (const char of new Set(line)) inLines.set(char, (inLines.get(char) ?? 0) + 1);
  }
  const candidates = USUAL_DELIMITERS.filter((char) => inLines.has(char));
  const most = Math.max(1, lines.length * 0.6);
  for (const [char, count] of inLines) {
    if (count < most || candidates.includes(char) || NEVER.test(char)) continue;
    if (char === ":" && isMostlyTimes(lines)) continue;
    candidates.push(char);
  }
  for (const char of inLines.keys()) {
    const doubled = char + char;
    if (char !== "\t" && /[\p{L}\p{N}\s"',;./\-_]/u.test(char)) continue;
    if (lines.filter((line) => line.includes(doubled)).length >= most) candidates.push(doubled);
  }
  if (lines.filter((line) => line.includes(", ")).length >= most) candidates.push(", ");
  return candidates;
}

/** Whether nearly every colon stands between the digits of a time. */
function isMostlyTimes(lines: readonly string[]): boolean {
  let colons = 0;
  let times = 0;
  for (const line of lines) {
    colons += line.split(":").length - 1;
    for (const time of line.match(/(?<![\d.,/-])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?!\d)/g) ?? []) {
      times += time.split(":").length - 1;
    }
  }
  return times >= colons * 0.85;
}

/** How often a quote opens a cell and closes one, under a delimiter. */
function quoteBoundaries(text: string, quote: string, delimiter: string): { opens: number; closes: number } {
  let opens = 0;
  let closes = 0;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + 1);
    const afterDelimiter = delimiter !== "" && text.startsWith(delimiter, at - delimiter.length);
    const beforeDelimiter = delimiter !== "" && text.startsWith(delimiter, at + 1);
    if (afterDelimiter || at === 0 || before === "\n" || before === "\r") opens++;
    if (beforeDelimiter || after === "" || after === "\n" || after === "\r") closes++;
  }
  return { opens, closes };
}

/**
 * Whether some quote inside a quoted cell is plainly doubled: two quotes within text, or three at the edge of a cell.
 * (Two at an edge may be an unescaped quote beside the closing one.)
 */
export function hasDoubledQuotes(text: string, { quote, delimiter }: Dialect): boolean {
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at)) {
    let run = 1;
    while (text.charAt(at + run) === quote) run++;
    const before =
      at === 0 || /[\r\n]/.test(text.charAt(at - 1)) || text.startsWith(delimiter, at - delimiter.length);
    at += run;
    const after = at >= text.length || /[\r\n]/.test(text.charAt(at)) || text.startsWith(delimiter, at);
    if (before !== after ? run === 3 : !before && run === 2) return true;
  }
  return false;
}

/** The ways of quoting worth trying with a delimiter. */
export function dialectsFor(text: string, delimiter: string): Dialect[] {
  const dialects: Dialect[] = [];
  const add = (quote: string, escape: string) => dialects.push({ delimiter, quote, escape });
  add('"', "");
  if (text.includes('\\"')) add('"', "\\");
  if (text.includes('\0"')) add('"', "\0");
  if (text.includes('"')) add("", "");
  const apostrophes = quoteBoundaries(text, "'", delimiter);
  if (apostrophes.opens >= 1 && apostrophes.closes >= 1) {
    add("'", "");
    if (text.includes("\\'")) add("'", "\\");
  }
  if (delimiter !== "" && text.includes("\\" + delimiter)) add(text.includes('"') ? '"' : "", "\\");
  return dialects;
}
