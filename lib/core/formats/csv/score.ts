import { cellKind, type CellKind } from "./cell-kinds";
import { USUAL_DELIMITERS, delimiterPrior } from "./candidates";
import type { Dialect } from "./dialect";
import { CsvTokenizer } from "./tokenizer";
import { TokenizerFault } from "./tokenizer-options";

/** A dialect tried on a sample. */
export interface Trial {
  dialect: Dialect;
  rows: string[][];
  /** Consistency of the result: comparable between dialects of one text, higher is better. */
  score: number;
  quotedCells: number;
  escapedQuotes: number;
  /** Rows whose quotes did not add up. */
  oddRows: number;
}

const LIMITS = { columnsMax: 20_000, cellCharsMax: 1_000_000 };

const WORTH: Record<CellKind, number> = {
  number: 1,
  date: 1,
  time: 1,
  address: 1,
  flag: 0.95,
  code: 0.9,
  empty: 0.75,
  text: 0.8,
  dirty: 0.08,
};

/** What a file is worth that is read as one column: the mark every delimiter has to beat. */
const ONE_COLUMN_WORTH = 0.2;

/**
 * Reads the sample in a dialect and measures how much the result is like a table. After van den Burg, Nazábal and
 * Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019): a pattern score, how alike the rows
 * are in length, times a type score, how many cells are something known. Besides, the columns should each hold one
 * kind of thing, quotes should add up, and rare delimiters have more to prove.
 */
export function tryDialect(text: string, dialect: Dialect, whole: boolean): Trial {
  const { rows, tokenizer, fault } = tokenize(text, dialect, whole);
  const oddRows = tokenizer.repairedRows + (fault === undefined ? 0 : 3);
  const trial = {
    dialect,
    rows,
    quotedCells: tokenizer.quotedCells,
    escapedQuotes: tokenizer.escapedQuotes,
    oddRows,
  };
  return { ...trial, score: rows.length === 0 ? 0 : scoreRows(rows, dialect, oddRows) };
}

/** Rows of a sample; the last one is left out when the sample ends in the middle of it. */
function tokenize(text: string, dialect: Dialect, whole: boolean) {
  const tokenizer = new CsvTokenizer(dialect, {
    limits: LIMITS,
    expectedColumns: 0,
    keepBlankRows: 0,
    draft: true,
  });
  const rows: string[][] = [];
  let fault: TokenizerFault | undefined;
  try {
    tokenizer.push(text, false, rows);
    if (whole || rows.length === 0) tokenizer.push("", true, rows);
  } catch (error) {
    if (!(error instanceof TokenizerFault)) throw error;
    fault = error;
  }
  return { rows, tokenizer, fault };
}

function scoreRows(rows: string[][], dialect: Dialect, oddRows: number): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 1;
  let widest = 0;
  for (const [cells, count] of counts) if (count > widest) [width, widest] = [cells, count];

  const kinds = rows.map((row) => (row.length > 400 ? row.slice(0, 400) : row).map(cellKind));
  const worth = typeWorth(kinds);
  if (counts.size === 1 && width === 1) return oneColumnWorth(rows, kinds) * worth;

  const total = rows.length;
  const { unused, blanks } = leftovers(rows, kinds, width);
  let pattern = 0;
  for (const [cells, count] of counts) {
    const used = Math.max(1, cells - unused);
    pattern += (count / total) ** 2 * ((used - 1) / used);
  }
  // A delimiter that divides the data but not the first row is often a decimal comma or the colon of a time.
  if (rows[0]?.length !== width) pattern *= 0.8;
  // One line alone is a sentence sooner than a row of a rare delimiter.
  if (total === 1 && !USUAL_DELIMITERS.includes(dialect.delimiter)) pattern *= 0.2;
  const odd = Math.min(1, oddRows / total);
  const ignored = dialect.quote === "" && rows.some((row) => row.some((cell) => cell.startsWith('"')));
  const quoting = (1 - 0.7 * Math.sqrt(odd)) * (ignored ? 0.85 : 1);
  const unity = 0.4 + 0.6 * columnUnity(kinds, width);
  const whole = blanks * (1 - (0.6 * unused) / width);
  return pattern * worth * unity * quoting * whole * delimiterPrior(dialect.delimiter);
}

/** Lines that are one date, time or address each are one column, whatever characters they hold. */
function oneColumnWorth(rows: string[][], kinds: CellKind[][]): number {
  const single = kinds.filter(([kind], index) => {
    const plain = !/[,;|^~\t]/.test(rows[index]?.[0] ?? ",");
    return plain && (kind === "number" || kind === "date" || kind === "time" || kind === "address");
  });
  return single.length >= 2 && single.length >= (rows.length - 1) * 0.8 ? 0.6 : ONE_COLUMN_WORTH;
}

/**
 * Signs that a delimiter is only a part of the true one: columns that have neither name nor content (`unused` counts
 * them), or a blank before nearly every cell (`blanks` is below 1 then).
 */
function leftovers(rows: string[][], kinds: CellKind[][], width: number): { unused: number; blanks: number } {
  let cells = 0;
  let blanksBefore = 0;
  const used = new Set<number>();
  for (const [index, row] of rows.entries()) {
    for (let column = 0; column < Math.min(row.length, 400); column++) {
      if (kinds[index]?.[column] !== "empty") used.add(column);
      if (column === 0) continue;
      cells++;
      if (row[column]?.startsWith(" ") === true) blanksBefore++;
    }
  }
  let unused = 0;
  for (let column = 0; column < Math.min(width, 400); column++) if (!used.has(column)) unused++;
  // A last column without anything comes of a delimiter at the end of each line.
  if (!used.has(width - 1)) unused--;
  return { unused: Math.max(0, unused), blanks: cells > 0 && blanksBefore >= cells * 0.95 ? 0.9 : 1 };
}

function typeWorth(kinds: CellKind[][]): number {
  let sum = 0;
  let cells = 0;
  for (const row of kinds) {
    for (const kind of row) sum += WORTH[kind];
    cells += row.length;
  }
  return cells === 0 ? 0 : sum / cells;
}

/** How far each column holds one kind of thing, below the first row: 1 = wholly. */
function columnUnity(kinds: CellKind[][], width: number): number {
  const body = kinds.slice(1).filter((row) => row.length === width);
  if (body.length < 2) return 0.7;
  let unity = 0;
  const columns = Math.min(width, 200);
  for (let column = 0; column < columns; column++) {
    const counts = new Map<string, number>();
    let filled = 0;
    for (const row of body) {
      const kind = row[column] ?? "empty";
      if (kind === "empty") continue;
      const family = kind === "code" ? "text" : kind;
      counts.set(family, (counts.get(family) ?? 0) + 1);
      filled++;
    }
    unity += filled === 0 ? 0.6 : Math.max(...counts.values()) / filled;
  }
  return unity / columns;
}
