import type { Dialect } from "../dialect";

export type Quoting = "minimal" | "text" | "all";

/** Writes rows in a dialect, as a well-behaved program would. */
export function writeRows(
  rows: readonly string[][],
  dialect: Dialect,
  newline: string,
  quoting: Quoting,
): string {
  return rows.map((row) => writeRow(row, dialect, quoting)).join(newline) + newline;
}

export function writeRow(row: readonly string[], dialect: Dialect, quoting: Quoting): string {
  // A row of one empty cell would be an empty line, which is no row.
  if (row.length === 1 && row[0] === "" && dialect.quote !== "") return dialect.quote + dialect.quote;
  return row.map((cell) => writeCell(cell, dialect, quoting)).join(dialect.delimiter);
}

function writeCell(cell: string, { delimiter, quote, escape }: Dialect, quoting: Quoting): string {
  if (quote === "") return cell;
  const needs =
    /[\r\n]/.test(cell) ||
    cell.includes(quote) ||
    // A delimiter of several characters may also come about at the seam.
    (delimiter !== "" && [...delimiter].some((char) => cell.includes(char))) ||
    (escape !== "" && cell.includes(escape));
  const text = /[^\d.,-]/.test(cell);
  if (!needs && quoting !== "all" && !(quoting === "text" && text)) return cell;
  const escaped =
    escape === ""
      ? cell.replaceAll(quote, quote + quote)
      : cell.replaceAll(escape, escape + escape).replaceAll(quote, escape + quote);
  return quote + escaped + quote;
}
