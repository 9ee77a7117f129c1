import { columnNames } from "../csv/columns";
import { detectHeader } from "../csv/header";

export interface SheetHeader {
  headerRows: number;
  /** Rows of the sheet before the header, or before the data when there is none; blank ones are counted. */
  skippedRows: number;
  syntheticHeader: boolean;
  columns: string[];
  evidence: string[];
}

/** Blank rows are put back in where the sheet has them, unless the table begins further down than this. */
const ROWS_PUT_BACK_MAX = 2_000;

/**
 * The header of a sheet in terms of the sheet's own row numbers. `rows` are its first rows that hold something, and
 * `told` the 1-based sheet row of the (last) header row, 0 for none.
 */
export function headerOf(rows: string[][], rowNumbers: number[], told: number | undefined): SheetHeader {
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (told === 0) return synthetic(0, widest, ["No header, as told."]);
  if (told !== undefined) {
    const header = rows[rowNumbers.indexOf(told)] ?? [];
    const columns = columnNames(header, widest);
    const evidence = [`Header: row ${told} names the columns, as told.`];
    return { headerRows: 1, skippedRows: told - 1, syntheticHeader: false, columns, evidence };
  }
  const width = tableWidth(rows);
  const { grid, numbers } = withBlankRows(rows, rowNumbers, width);
  const found = detectHeader(grid, width, 0);
  const first = found.skippedRows + found.headerRows;
  // Without a header nothing but the rows above the table is passed over.
  const last = first === 0 ? 0 : (numbers[first - 1] ?? first);
  const skippedRows = last - found.headerRows;
  const dataWidth = rows.reduce(
    (most, row, i) => ((rowNumbers[i] ?? 0) > skippedRows ? Math.max(most, row.length) : most),
    0,
  );
  if (found.headerRows === 0) return synthetic(skippedRows, dataWidth, found.evidence);
  const columns = columnNames(withoutTrailingBlanks(found.header), dataWidth);
  return {
    headerRows: found.headerRows,
    skippedRows,
    syntheticHeader: false,
    columns,
    evidence: found.evidence,
  };
}

function synthetic(skippedRows: number, width: number, evidence: string[]): SheetHeader {
  return { headerRows: 0, skippedRows, syntheticHeader: true, columns: columnNames([], width), evidence };
}

/** The widest row that is at least half filled: a remark far to the right of a table is not part of its width. */
function tableWidth(rows: string[][]): number {
  let width = 0;
  for (const row of rows) {
    const filled = row.reduce((count, cell) => (cell === "" ? count : count + 1), 0);
    if (filled * 2 >= row.length) width = Math.max(width, row.length);
  }
  return width;
}

/** Rows of equal width, as a sheet is a grid: cells at the end of a row that are empty are not in the file. */
function withBlankRows(
  rows: string[][],
  rowNumbers: number[],
  width: number,
): { grid: string[][]; numbers: number[] } {
  const grid: string[][] = [];
  const numbers: number[] = [];
  const putBack = (rowNumbers[0] ?? 0) <= ROWS_PUT_BACK_MAX;
  rows.forEach((row, i) => {
    const number = rowNumbers[i] ?? 0;
    for (let blank = numbers.length + 1; putBack && blank < number && blank <= ROWS_PUT_BACK_MAX; blank++) {
      grid.push([""]);
      numbers.push(blank);
    }
    grid.push(row.length < width ? [...row, ...new Array<string>(width - row.length).fill("")] : row);
    numbers.push(number);
  });
  return { grid, numbers };
}

function withoutTrailingBlanks(cells: string[]): string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== "") + 1);
}
