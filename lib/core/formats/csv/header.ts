import { cellKind, type CellKind } from "./cell-kinds";
import { headerScore, isNamesRow, typedColumns } from "./header-score";

export interface HeaderFinding {
  /** Rows before the header (or before the data when there is no header), blank ones included. */
  skippedRows: number;
  /** 0–3. */
  headerRows: number;
  /** The header as the file has it, stacked rows merged cell by cell; empty without a header. */
  header: string[];
  evidence: string[];
}

/** Rows looked at to judge a header. */
const BODY_ROWS = 200;
/** Titles and notes above a table take no more than this. */
const PREAMBLE_ROWS_MAX = 40;

/**
 * Finds where the table starts and whether it starts with a header.
 * @param rows the first rows of the file, blank lines as [""]
 * @param width cells most rows have
 * @param firstRow rows known to stand before the table (such as Excel's sep= line)
 */
export function detectHeader(rows: string[][], width: number, firstRow: number): HeaderFinding {
  const start = tableStart(rows, width, firstRow);
  const first = rows[start];
  if (first === undefined)
    return { skippedRows: start, headerRows: 0, header: [], evidence: ["No header: the file has no rows."] };
  const evidence: string[] = [];
  if (start > 0) evidence.push(skippedSentence(start));
  const body = rows
    .slice(start + 1)
    .filter((row) => !isBlank(row))
    .slice(0, BODY_ROWS);
  const score = headerScore(first, body, width);
  if (score <= 0) {
    const odd = headerInOtherDelimiter(rows, start, width);
    if (odd !== undefined) {
      const sentences = start > 1 ? [skippedSentence(start - 1)] : [];
      sentences.push(`Header: row ${start}, which uses another delimiter than the data.`);
      return { skippedRows: start - 1, headerRows: 1, header: odd, evidence: sentences };
    }
    evidence.push("No header: the first row looks like the rows below it.");
    return { skippedRows: start, headerRows: 0, header: [], evidence };
  }
  const headerRows = stackedRows(rows, start, width);
  const header = mergeHeader(rows.slice(start, start + headerRows));
  evidence.push(
    headerRows === 1
      ? `Header: row ${start + 1} names the columns.`
      : `Header: rows ${start + 1} to ${start + headerRows} name the columns together.`,
  );
  return { skippedRows: start, headerRows, header, evidence };
}

function skippedSentence(count: number): string {
  return count === 1
    ? "The first row is passed over: it stands above the table."
    : `The first ${count} rows are passed over: they stand above the table.`;
}

function isBlank(row: string[]): boolean {
  return row.every((cell) => cell.trim() === "");
}

function filled(row: string[]): number {
  return row.reduce((count, cell) => (cell.trim() === "" ? count : count + 1), 0);
}

/** Index of the first row that is part of the table: titles, notes, comments and blank rows come before. */
function tableStart(rows: string[][], width: number, firstRow: number): number {
  let start = firstRow;
  while (start < rows.length && isBlank(rows[start] ?? [])) start++;
  if (start >= rows.length) return firstRow;
  start = afterComments(rows, start, width);
  if (width < 2) return start;
  const end = Math.min(rows.length, start + PREAMBLE_ROWS_MAX);
  for (let at = start; at < end; at++) {
    const row = rows[at] ?? [];
    // Of two columns one is soon empty: more such rows than full ones are rows, unless a blank line sets them apart.
    const passedOver = rows.slice(start, at);
    if (width === 2 && at - start > rows.length - at && !passedOver.some(isBlank)) return start;
    if (isFull(row, rows, at, width) && !isTitle(rows, at, width))
      return groupedHeaderStart(rows, at, width, start);
    // Several rows of one narrower width are a table of their own, not a preamble.
    if (row.length > 1 && isTableByItself(rows, at, width)) return start;
  }
  return start;
}

/** Whether a row is filled like a row of the table: at least by half, unless such rows are common in it. */
function isFull(row: string[], rows: string[][], at: number, width: number): boolean {
  const cells = filled(row);
  if (cells >= 2 && cells >= width * 0.5) return true;
  if (cells === 0 || row.length !== width) return false;
  const sparse = (each: string[]) => each.length === width && filled(each) <= cells;
  const body = rows.slice(at + 1, at + 1 + BODY_ROWS).filter((each) => !isBlank(each));
  // The other lines of a title, directly below it, say nothing about the table.
  const table = body.slice(body.findIndex((each) => !sparse(each)));
  return table.filter(sparse).length > table.length * 0.1;
}

/** A row by itself above a blank line and a header is a title, even if it happens to have as many cells. */
function isTitle(rows: string[][], at: number, width: number): boolean {
  let next = at + 1;
  if (next >= rows.length || !isBlank(rows[next] ?? [])) return false;
  while (next < rows.length && isBlank(rows[next] ?? [])) next++;
  const body = rows.slice(next + 1, next + 1 + BODY_ROWS).filter((row) => !isBlank(row));
  const below = rows[next];
  return below?.length === width && body.length > 0 && headerScore(below, body, width) > 0.3;
}

/** Whether the rows from `at` on are a table narrower than `width`, and not just some lines above one. */
function isTableByItself(rows: string[][], at: number, width: number): boolean {
  const cells = filled(rows[at] ?? []);
  if (cells < 2) return false;
  let same = 0;
  while (at + same < rows.length && filled(rows[at + same] ?? []) === cells) same++;
  const others = rows.slice(at + same).filter((row) => row.length === width).length;
  return same >= 10 || (same >= 3 && same >= others);
}

function afterComments(rows: string[][], start: number, width: number): number {
  let at = start;
  while (at < rows.length && (/^\s*(?:#|\/\/)/.test(rows[at]?.[0] ?? "") || isBlank(rows[at] ?? []))) at++;
  if (at === start || at >= rows.length) return start;
  const last = rows[at - 1] ?? [];
  // "#id,name" above rows of data is the header itself.
  if (
    last.length === width &&
    width > 1 &&
    headerScore(rows[at] ?? [], rows.slice(at + 1, at + 50), width) <= 0
  )
    return at - 1;
  return at;
}

/** A row of group names (`,2023,,2024,`) directly above the full header row belongs to the header. */
function groupedHeaderStart(rows: string[][], full: number, width: number, from: number): number {
  const above = rows[full - 1];
  if (full - 1 < from || above?.length !== width || !isNamesRow(rows[full] ?? [], width)) return full;
  const groups = above.filter((cell) => cell.trim() !== "");
  const spread =
    above.findIndex((cell) => cell.trim() === "") < above.findLastIndex((cell) => cell.trim() !== "");
  const names = isNamesRow(groups, groups.length) || groups.every((cell) => /^\d{4}$/.test(cell.trim()));
  return groups.length >= 2 && spread && names ? full - 1 : full;
}

/** Number of header rows (1–3): further rows of names above columns that hold numbers, dates and the like. */
function stackedRows(rows: string[][], start: number, width: number): number {
  let count = 1;
  while (count < 3) {
    const next = rows[start + count];
    if (next === undefined || isBlank(next)) break;
    const body = rows
      .slice(start + count + 1)
      .filter((row) => !isBlank(row))
      .slice(0, BODY_ROWS);
    if (!continuesHeader(rows[start] ?? [], next, body, width)) break;
    count++;
  }
  return count;
}

function continuesHeader(first: string[], next: string[], body: string[][], width: number): boolean {
  if (next.length === first.length && next.every((cell, i) => cell.trim() === (first[i] ?? "").trim())) {
    return filled(next) > 1 || body.length > 0;
  }
  const typed = typedColumns(body, width);
  if (typed.length < 2 || body.length < 3) return false;
  const kinds = typed.map((column) => cellKind(next[column] ?? ""));
  const names = kinds.filter((kind: CellKind) => kind === "text" || kind === "code").length;
  const wrong = kinds.filter((kind) => kind === "number" || kind === "date" || kind === "time").length;
  return names >= Math.max(2, typed.length * 0.8) && wrong === 0;
}

/** One name per column from stacked header rows; a group name reaches over the empty cells to its right. */
export function mergeHeader(headerRows: string[][]): string[] {
  const [top, ...below] = headerRows;
  if (top === undefined) return [];
  if (below.length === 0) return top;
  const width = Math.max(...headerRows.map((row) => row.length));
  const groups = filled(top) < filled(below[below.length - 1] ?? []);
  let group = "";
  return Array.from({ length: width }, (_, column) => {
    const own = (top[column] ?? "").trim();
    if (own !== "" || !groups) group = own;
    return [group, ...below.map((row) => (row[column] ?? "").trim())].filter((part) => part !== "").join(" ");
  });
}

/** The row above the data, cut by another delimiter, when that gives one name per column. */
function headerInOtherDelimiter(rows: string[][], start: number, width: number): string[] | undefined {
  const above = rows[start - 1];
  if (above === undefined || width < 3 || above.length > width / 2) return undefined;
  for (const delimiter of [",", ";", "\t", "|", " "]) {
    const cells = above
      .join(",")
      .split(delimiter)
      .map((cell) => cell.replace(/^"(.*)"$/, "$1"));
    if (cells.length === width && isNamesRow(cells, width)) return cells;
  }
  return undefined;
}
