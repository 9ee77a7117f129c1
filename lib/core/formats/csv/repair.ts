import type { Dialect } from "./dialect";

/** A row read in spite of quotes that do not add up. */
export interface RepairedRow {
  cells: string[];
  /** Where the next row starts. */
  next: number;
  /** Whether the row has the expected number of cells. */
  fits: boolean;
  /** Quotes inside quoted cells that nothing escapes. */
  loneQuotes: number;
}

interface State {
  cells: string[];
  cost: number;
  lone: number;
}

/** Lines that one damaged row may span. */
const LINES_MAX = 8;
const STATES_MAX = 4000;
const CLOSINGS_MAX = 24;

const STRAY_OPENING_COST = 2;
const LONE_QUOTE_COST = 1;
/** Where one quote is not escaped, others will not be. */
const FURTHER_LONE_QUOTE_COST = 0.1;
const EXTRA_LINE_COST = 0.75;
const WRONG_COUNT_COST = 4;

/**
 * Reads one row whose quotes contradict the dialect: a stray quote at the start of a cell, or a quote inside a quoted
 * cell that was not escaped. Of all readings of the line (and of the lines after it, as a quoted cell may hold line
 * ends) the one with the fewest assumptions wins, where a wrong number of cells weighs most. Nothing is dropped: a
 * quote that turns out to be no quotation mark stays in its cell.
 *
 * @param start where the row starts in `text`
 * @param last whether `text` reaches the end of the file
 * @param expectedColumns 0 when unknown
 * @returns undefined when more text is needed to decide
 */
export function repairRow(
  text: string,
  start: number,
  last: boolean,
  dialect: Dialect,
  expectedColumns: number,
  linesMax = LINES_MAX,
): RepairedRow | undefined {
  let best: RepairedRow | undefined;
  let bestCost = Infinity;
  let end = start;
  for (let lines = 1; lines <= linesMax; lines++) {
    end = lineEnd(text, end);
    if (end === text.length && !last) return best?.fits === true ? best : undefined;
    const state = bestReading(text, start, end, dialect, expectedColumns);
    const cost = state.cost + (lines - 1) * EXTRA_LINE_COST;
    if (cost < bestCost) {
      bestCost = cost;
      best = {
        cells: state.cells,
        next: afterLineEnd(text, end),
        fits: fits(state.cells, expectedColumns),
        loneQuotes: state.lone,
      };
    }
    if (bestCost <= lines * EXTRA_LINE_COST || end === text.length) break;
    // The reading of the first line alone is right if it fits: a longer one assumes more.
    if (lines === 1 && best?.fits === true) break;
    end = afterLineEnd(text, end);
  }
  return best;
}

function fits(cells: string[], expectedColumns: number): boolean {
  return expectedColumns > 0 && cells.length === expectedColumns;
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function afterLineEnd(text: string, end: number): number {
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10
    ? end + 2
    : Math.min(end + 1, text.length);
}

/** The cheapest way to cut text[start, end) into cells; the line ends inside belong to quoted cells. */
function bestReading(text: string, start: number, end: number, dialect: Dialect, expected: number): State {
  // States by place, then by number of cells; places are visited from left to right.
  const open = new Map<number, Map<number, State>>([
    [start, new Map([[0, { cells: [], cost: 0, lone: 0 }]])],
  ]);
  const places = [start];
  let best: State = { cells: [], cost: Infinity, lone: 0 };
  let stateCount = 0;
  while (places.length > 0) {
    places.sort((a, b) => b - a);
    const at = places.pop() ?? start;
    for (const state of open.get(at)?.values() ?? []) {
      for (const step of cellsAt(text, at, end, dialect)) {
        const next = {
          cells: [...state.cells, step.value],
          cost: state.cost + step.cost,
          lone: state.lone + step.lone,
        };
        if (step.next > end) {
          const off = expected > 0 ? Math.min(5, Math.abs(next.cells.length - expected)) : 0;
          const cost = next.cost + (off > 0 ? WRONG_COUNT_COST + off : 0);
          if (cost < best.cost) best = { ...next, cost };
          continue;
        }
        if (!open.has(step.next)) {
          open.set(step.next, new Map());
          places.push(step.next);
        }
        const there = open.get(step.next);
        const rival = there?.get(next.cells.length);
        if (there !== undefined && (rival === undefined || next.cost < rival.cost)) {
          there.set(next.cells.length, next);
          if (++stateCount > STATES_MAX) return lineAsIs(text, start, end, dialect);
        }
      }
    }
    open.delete(at);
  }
  return best.cost === Infinity ? lineAsIs(text, start, end, dialect) : best;
}

function lineAsIs(text: string, start: number, end: number, dialect: Dialect): State {
  return { cells: text.slice(start, end).split(dialect.delimiter || "\n"), cost: 50, lone: 0 };
}

interface Step {
  value: string;
  /** Start of the next cell; beyond `end` when this was the last one. */
  next: number;
  cost: number;
  lone: number;
}

/** Every way to read the cell that starts at `at`. */
function cellsAt(text: string, at: number, end: number, dialect: Dialect): Step[] {
  const { delimiter, quote } = dialect;
  const steps: Step[] = [];
  const literalEnd = delimiter === "" ? end : indexWithin(text, delimiter, at, end);
  const literal = text.slice(at, literalEnd);
  const startsQuoted = quote !== "" && text.startsWith(quote, at);
  if (!/[\r\n]/.test(literal)) {
    steps.push({
      value: literal,
      next: nextCell(literalEnd, end, dialect),
      cost: startsQuoted ? STRAY_OPENING_COST : 0,
      lone: 0,
    });
  }
  if (!startsQuoted) return steps;
  let closings = 0;
  for (
    let close = text.indexOf(quote, at + 1);
    close >= 0 && close < end;
    close = text.indexOf(quote, close + 1)
  ) {
    let after = close + 1;
    while (after < end && text.charCodeAt(after) === 32 && delimiter !== " ") after++;
    if (after !== end && !(delimiter !== "" && text.startsWith(delimiter, after))) continue;
    if (++closings > CLOSINGS_MAX) break;
    const { value, lone } = unescape(text.slice(at + 1, close), dialect);
    steps.push({
      value,
      next: nextCell(after, end, dialect),
      cost: lone === 0 ? 0 : LONE_QUOTE_COST + (lone - 1) * FURTHER_LONE_QUOTE_COST,
      lone,
    });
  }
  return steps;
}

function indexWithin(text: string, needle: string, from: number, end: number): number {
  const found = text.indexOf(needle, from);
  return found < 0 || found > end - needle.length ? end : found;
}

function nextCell(cellEnd: number, end: number, dialect: Dialect): number {
  return cellEnd >= end ? end + 1 : cellEnd + dialect.delimiter.length;
}

/** Undoes escaping; a quote that nothing escapes is kept and counted. */
function unescape(content: string, dialect: Dialect): { value: string; lone: number } {
  const { quote, escape } = dialect;
  let value = "";
  let lone = 0;
  for (let at = 0; at < content.length; at++) {
    const char = content.charAt(at);
    const next = content.charAt(at + 1);
    if (escape !== "" && char === escape && (next === quote || next === escape)) {
      value += next;
      at++;
    } else if (char === quote) {
      value += quote;
      if (next === quote) at++;
      else lone++;
    } else {
      value += char;
    }
  }
  return { value, lone };
}
