import { cellKind, type CellKind } from "./cell-kinds";
import { headerWordShare } from "./header-words";

const TYPED: ReadonlySet<CellKind> = new Set(["number", "date", "time", "address"]);

/** Files mostly have a header; a file that gives no sign either way is taken to have one. */
const PRIOR = 0.35;

interface Column {
  kinds: CellKind[];
  cells: string[];
  /** Most frequent kind among filled cells, and its share. */
  kind: CellKind;
  share: number;
}

function columnsOf(body: string[][], width: number): Column[] {
  return Array.from({ length: Math.min(width, 300) }, (_, index) => {
    const cells: string[] = [];
    for (const row of body) {
      const cell = (row[index] ?? "").trim();
      if (cell !== "") cells.push(cell);
    }
    const kinds = cells.map(cellKind);
    const counts = new Map<CellKind, number>();
    for (const kind of kinds) if (kind !== "empty") counts.set(kind, (counts.get(kind) ?? 0) + 1);
    let kind: CellKind = "empty";
    let most = 0;
    for (const [each, count] of counts) if (count > most) [kind, most] = [each, count];
    return { kinds, cells, kind, share: kinds.length === 0 ? 0 : most / kinds.length };
  });
}

/** Indexes of the columns that plainly hold numbers, dates, times or addresses. */
export function typedColumns(body: string[][], width: number): number[] {
  return columnsOf(body, width).flatMap((column, index) =>
    TYPED.has(column.kind) && column.share >= 0.6 ? [index] : [],
  );
}

/** True when every cell could be a column's name: filled, short, and no number or date. */
export function isNamesRow(row: string[], width: number): boolean {
  if (row.length < Math.min(2, width)) return false;
  const kinds = row.map(cellKind);
  const names = kinds.filter((kind) => kind === "text" || kind === "code" || kind === "flag").length;
  return names >= row.length * 0.8 && kinds.every((kind) => kind !== "date" && kind !== "time");
}

/**
 * How much `first` looks like the names of the columns below it; above 0 it is a header. Column by column: a name over
 * numbers or dates speaks for it, a number over numbers against it; a cell that occurs again below, or has the very
 * form of the cells below, speaks against it.
 */
export function headerScore(first: string[], body: string[][], width: number): number {
  const cells = first.map((cell) => cell.trim());
  const filledCells = cells.filter((cell) => cell !== "");
  if (filledCells.length === 0) return -1;
  let score = PRIOR;
  const columns = columnsOf(body, Math.max(width, first.length));
  cells.forEach((cell, index) => {
    score += columnVote(cell, columns[index]) / Math.max(1, Math.min(cells.length, 12));
  });
  const distinct = new Set(filledCells.map((cell) => cell.toLowerCase())).size;
  score -= (0.6 * (filledCells.length - distinct)) / filledCells.length;
  if (body.length === 0) score += filledCells.every((cell) => isNameLike(cell)) ? 0.2 : -1;
  return score;
}

function isNameLike(cell: string): boolean {
  const kind = cellKind(cell);
  return (kind === "text" || kind === "code" || kind === "flag") && cell.length <= 80 && !/^\d/.test(cell);
}

function columnVote(cell: string, column: Column | undefined): number {
  if (cell === "") return -0.1;
  const kind = cellKind(cell);
  const words = headerWordShare(cell);
  let vote = words * 0.8;
  if (kind === "date" || kind === "time" || kind === "address") vote -= 1;
  else if (kind === "number") vote -= 0.8;
  else if (cell.length > 60) vote -= 0.5;
  if (column === undefined || column.cells.length === 0) return vote;
  const typed = TYPED.has(column.kind) && column.share >= 0.6;
  if (typed) {
    if (kind === column.kind)
      return vote - (isYear(cell) && column.kind === "number" && !column.cells.every(isYear) ? -0.9 : 0.6);
    return vote + (kind === "text" || kind === "code" || kind === "flag" ? 1.2 * column.share : 0);
  }
  return vote + textVote(cell, kind, column);
}

function isYear(cell: string): boolean {
  return /^(?:19|20)\d\d$/.test(cell);
}

/** A name above text: told by what the text below has in common and the name has not. */
function textVote(cell: string, kind: CellKind, column: Column): number {
  const { cells } = column;
  if (cells.length === 0) return 0;
  if (cells.includes(cell)) return -1;
  let vote = 0;
  const shape = shapeOf(cells[0] ?? "");
  const alike = cells.length >= 2 && cells.every((each) => shapeOf(each) === shape);
  if (alike && /\d/.test(shape)) vote += shapeOf(cell) === shape ? -1 : 0.9;
  else if (cells.length >= 4 && cells.every((each) => each.length === cells[0]?.length))
    vote += cell.length === cells[0]?.length ? -0.3 : 0.6;
  const digits = cells.filter((each) => /\d/.test(each)).length / cells.length;
  if (digits > 0.8) vote += /\d/.test(cell) ? -0.4 : 0.5;
  const meanLength = cells.reduce((sum, each) => sum + each.length, 0) / cells.length;
  if (meanLength > 24 && cell.length < meanLength * 0.5) vote += 0.4;
  const distinct = new Set(cells).size;
  if (cells.length >= 8 && distinct <= cells.length * 0.4) vote += 0.5;
  return kind === "code" || kind === "text" || kind === "flag" ? vote : Math.min(vote, 0);
}

/** Form of a cell: digits as 9, letters as a, runs kept: "MG-8769" → "aa-9999". */
function shapeOf(cell: string): string {
  return cell.slice(0, 24).replace(/\d/g, "9").replace(/\p{L}/gu, "a");
}
