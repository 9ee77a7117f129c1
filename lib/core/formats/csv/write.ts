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
const CARRIAGE_RETURN = 13;
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
  const lines = new RowEnds();
  for await (const chunk of body) {
    const ends = lines.in(chunk);
    const rows = ends.length;
    const bytes = Buffer.allocUnsafe(chunk.length + rows);
    // The rows lie as far behind as there are CRs to come, and are moved to their places from the first on.
    bytes.set(chunk, rows);
    let written = 0;
    let from = 0;
    for (const end of ends) {
      bytes.copyWithin(written, from + rows, end + rows);
      written += end - from;
      bytes[written++] = CARRIAGE_RETURN;
      from = end;
    }
    bytes.copyWithin(written, from + rows);
    yield { bytes, rows };
  }
}

/** Finds the LFs that end rows, at the speed of a search for the few bytes that matter. */
class RowEnds {
  private quoted = false;

  /** Their places in what comes next, rising. */
  in(chunk: Uint8Array): number[] {
    const ends: number[] = [];
    let quoteAt = indexOrEnd(chunk, QUOTE, 0);
    let newlineAt = indexOrEnd(chunk, NEWLINE, 0);
    for (;;) {
      // A doubled quote closes and opens again: the state after it is the same.
      if (this.quoted || quoteAt < newlineAt) {
        if (quoteAt === chunk.length) return ends;
        this.quoted = !this.quoted;
        if (!this.quoted && newlineAt < quoteAt) newlineAt = indexOrEnd(chunk, NEWLINE, quoteAt + 1);
        quoteAt = indexOrEnd(chunk, QUOTE, quoteAt + 1);
        continue;
      }
      if (newlineAt === chunk.length) return ends;
      ends.push(newlineAt);
      newlineAt = indexOrEnd(chunk, NEWLINE, newlineAt + 1);
    }
  }
}

function indexOrEnd(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at === -1 ? bytes.length : at;
}
