import type { Dialect } from "./dialect";
import { repairRow, type RepairedRow } from "./repair";

/** Lines looked at to tell whether they are rows, or text in a long cell. */
const LINES_TO_JUDGE = 20;

/**
 * A row of `cells` cells whose quoted cells hold line ends: if that is the wrong number and the first line by itself is
 * a row, a stray quote has joined two rows. Undefined when the row is to stay as it is.
 */
export function shorterRow(
  text: string,
  rowStart: number,
  cells: number,
  dialect: Dialect,
  expectedColumns: number,
): RepairedRow | undefined {
  if (expectedColumns <= 1 || cells === expectedColumns) return undefined;
  const firstLine = repairRow(text, rowStart, true, dialect, expectedColumns, 1);
  return firstLine?.fits === true ? firstLine : undefined;
}

/**
 * A row with a quoted cell that does not end: the row as it is when the quote is taken for a character of its cell, if
 * it then has the expected cells and the lines after it are rows like others. In a file of one column every line would
 * be, so there the quote stands.
 */
export function rowWithStrayQuote(
  text: string,
  rowStart: number,
  last: boolean,
  dialect: Dialect,
  expectedColumns: number,
): RepairedRow | undefined {
  if (expectedColumns <= 1) return undefined;
  const row = repairRow(text, rowStart, last, dialect, expectedColumns);
  return row?.fits === true && rowsFollow(text, row.next, last, dialect, expectedColumns) ? row : undefined;
}

/** Whether most of the lines from `at` on have the expected cells. */
function rowsFollow(
  text: string,
  at: number,
  last: boolean,
  dialect: Dialect,
  expectedColumns: number,
): boolean {
  let lines = 0;
  let rows = 0;
  while (at < text.length && lines < LINES_TO_JUDGE) {
    const row = repairRow(text, at, last, dialect, expectedColumns, 1);
    if (row === undefined) break;
    lines++;
    if (row.fits) rows++;
    at = row.next;
  }
  return rows >= lines * 0.6;
}

/** The line cut at every delimiter, whatever its quotes; undefined when its end is not in the text. */
export function lineCutEverywhere(
  text: string,
  rowStart: number,
  last: boolean,
  dialect: Dialect,
): RepairedRow | undefined {
  let end = rowStart;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  if (end === text.length && !last) return undefined;
  const line = text.slice(rowStart, end);
  const cells = dialect.delimiter === "" ? [line] : line.split(dialect.delimiter);
  const next = Math.min(end + (text.startsWith("\r\n", end) ? 2 : 1), text.length);
  return { cells, next, fits: false, loneQuotes: 0 };
}
