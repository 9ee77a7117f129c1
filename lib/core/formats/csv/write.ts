/*
 * CSV as RFC 4180 describes it: CRLF after every row, quotes only where they are needed, quotes inside doubled.
 *
 * Ferry's own exports are made safe for spreadsheets (lib/core/csv-safety): a text cell that a spreadsheet would run
 * gets an apostrophe before it. Nothing in the file says so, since anything that did would itself be a column or a
 * line that is not data. What identifies it is a rule that every such export obeys: in its text columns each cell that
 * `neutralise` would guard is guarded. An importer therefore calls `restore` for text-like fields, says so as a
 * correction, and leaves cells alone as soon as a file has a text cell that is dangerous and not guarded: that file
 * was never neutralised.
 */

const NEWLINE = 10;
const QUOTE = 34;

/** One row, its CRLF included. */
export function csvLine(cells: readonly string[], delimiter = ","): string {
  // A lone empty cell would be a blank line, which readers pass over.
  if (cells.length === 1 && cells[0] === "") return '""\r\n';
  return cells.map((cell) => csvCell(cell, delimiter)).join(delimiter) + "\r\n";
}

function csvCell(cell: string, delimiter: string): string {
  return /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Some whole or partial rows of a CSV file, and how many rows they end. */
export interface CsvChunk {
  bytes: Uint8Array;
  rows: number;
}

/**
 * Turns the LF after each row into CRLF and leaves line breaks inside quotes alone. PostgreSQL's COPY writes the
 * former; the rows may be cut anywhere. UTF-8 or any other encoding that keeps ASCII.
 */
export async function* withCrlf(body: AsyncIterable<Uint8Array>): AsyncIterable<CsvChunk> {
  let quoted = false;
  for await (const chunk of body) {
    const out = Buffer.allocUnsafe(chunk.length * 2);
    let length = 0;
    let rows = 0;
    for (const byte of chunk) {
      // A doubled quote closes and opens again: the state after it is the same.
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === NEWLINE && !quoted) {
        out[length++] = 13;
        rows++;
      }
      out[length++] = byte;
    }
    yield { bytes: out.subarray(0, length), rows };
  }
}
