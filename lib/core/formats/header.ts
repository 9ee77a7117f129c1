/** What the first rows of a table say about its header. */
export interface HeaderDetection {
  /** Rows that make up the header, 0 when there is none. */
  headerRows: number;
  /** Rows passed over before the header: titles, blank rows. */
  skippedRows: number;
  /** True when `columns` were made up. */
  syntheticHeader: boolean;
  /** Unique and never empty; as many as the widest of the rows looked at. */
  columns: string[];
  /** One sentence per decision. */
  evidence: string[];
}

/** A table's name or a remark stands above it in at most this many rows. */
const TITLE_ROWS_MAX = 20;
const BODY_ROWS_LOOKED_AT = 200;

/**
 * Finds the header in the first rows of a sheet, the blank ones included. `told` is the 1-based row of the (last)
 * header row as the person counts them, 0 for "there is none", and is never second-guessed.
 */
export function detectHeader(rows: string[][], told?: number): HeaderDetection {
  const width = rows.reduce((most, row) => Math.max(most, widthOf(row)), 0);
  if (told !== undefined) return toldHeader(rows, told, width);
  const start = firstTableRow(rows);
  const evidence: string[] = [];
  if (start > 0)
    evidence.push(`${start === 1 ? "1 row" : `${start} rows`} above the table left out (title or blank).`);
  const first = rows[start] ?? [];
  const body = rows.slice(start + 1, start + 1 + BODY_ROWS_LOOKED_AT).filter((row) => !isBlank(row));
  const verdict = looksLikeHeader(first, body);
  evidence.push(verdict.because);
  if (!verdict.isHeader) {
    return {
      headerRows: 0,
      skippedRows: start,
      syntheticHeader: true,
      columns: columnNames([], width),
      evidence,
    };
  }
  return {
    headerRows: 1,
    skippedRows: start,
    syntheticHeader: false,
    columns: columnNames(first, width),
    evidence,
  };
}

function toldHeader(rows: string[][], told: number, width: number): HeaderDetection {
  if (told <= 0) {
    const columns = columnNames([], width);
    return {
      headerRows: 0,
      skippedRows: 0,
      syntheticHeader: true,
      columns,
      evidence: ["No header, as told."],
    };
  }
  return {
    headerRows: 1,
    skippedRows: told - 1,
    syntheticHeader: false,
    columns: columnNames(rows[told - 1] ?? [], width),
    evidence: [`Header in row ${told}, as told.`],
  };
}

/** Unique, non-empty names: white space tidied, gaps named by their position, a name that comes again numbered. */
export function columnNames(header: string[], width: number): string[] {
  const names: string[] = [];
  const taken = new Set<string>();
  for (let i = 0; i < Math.max(width, header.length); i++) {
    const base = (header[i] ?? "").replace(/\s+/g, " ").trim() || `Column ${i + 1}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base} (${n})`;
    taken.add(name);
    names.push(name);
  }
  return names;
}

/** The first row that is about as wide as the table: narrow rows above a wide one are titles and remarks. */
function firstTableRow(rows: string[][]): number {
  const widths = rows.filter((row) => !isBlank(row)).map(filledCells);
  const usual = [...widths].sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  let start = 0;
  while (start < rows.length && isBlank(rows[start] ?? [])) start++;
  for (let i = start; i < Math.min(rows.length - 1, start + TITLE_ROWS_MAX); i++) {
    const row = rows[i] ?? [];
    if (isBlank(row)) continue;
    if (filledCells(row) > 1 ? filledCells(row) * 3 > usual : usual <= 1) return i;
  }
  return start;
}

function looksLikeHeader(first: string[], body: string[][]): { isHeader: boolean; because: string } {
  const names = first.filter((cell) => cell.trim() !== "");
  if (names.length === 0) return { isHeader: false, because: "No header: the first row is blank." };
  const values = names.filter(isTyped);
  const years = values.every((cell) => /^(?:19|20)\d\d$/.test(cell.trim()));
  const labelled = names.length > values.length && years && new Set(names).size === names.length;
  if (values.length > 0 && !labelled) {
    return {
      isHeader: false,
      because: `No header: the first row holds values such as "${shortened(values[0] ?? "")}".`,
    };
  }
  if (body.length === 0)
    return { isHeader: true, because: "The only row holds names, not values: taken as the header." };
  const typedBelow = first.findIndex((cell, i) => cell.trim() !== "" && mostlyTyped(body, i));
  if (typedBelow !== -1) {
    const cell = shortened(first[typedBelow] ?? "");
    return { isHeader: true, because: `Header found: "${cell}" is a name above numbers or dates.` };
  }
  const repeated = first.findIndex((cell, i) => cell.trim() !== "" && body.some((row) => row[i] === cell));
  if (repeated !== -1 && new Set(names).size < names.length) {
    return {
      isHeader: false,
      because: `No header: "${shortened(first[repeated] ?? "")}" comes again below.`,
    };
  }
  if (repeated !== -1) {
    const again = first.filter((cell, i) => cell.trim() !== "" && body.some((row) => row[i] === cell)).length;
    if (again * 2 > names.length || body.length < 3) {
      return {
        isHeader: false,
        because: `No header: "${shortened(first[repeated] ?? "")}" comes again below.`,
      };
    }
  }
  const sentence = names.find((cell) => cell.length > 80);
  if (sentence !== undefined)
    return { isHeader: false, because: "No header: the first row holds long texts." };
  return {
    isHeader: true,
    because: "Header found: the first row holds distinct short names that do not come again below.",
  };
}

function mostlyTyped(body: string[][], column: number): boolean {
  const cells = body.map((row) => row[column] ?? "").filter((cell) => cell.trim() !== "");
  return cells.length > 0 && cells.filter(isTyped).length * 5 >= cells.length * 4;
}

/** Numbers, dates, times, booleans: what a header seldom is. */
function isTyped(cell: string): boolean {
  const text = cell.trim();
  return (
    /^[-+(]?[\p{Sc}]?\s?\d[\d.,'\s]*(?:e[+-]?\d+)?[%)]?\s?[\p{Sc}]?$/iu.test(text) ||
    /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?$/.test(text) ||
    /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text) ||
    /^(?:true|false)$/i.test(text)
  );
}

function isBlank(row: string[]): boolean {
  return row.every((cell) => cell.trim() === "");
}

function filledCells(row: string[]): number {
  return row.reduce((count, cell) => (cell.trim() === "" ? count : count + 1), 0);
}

function widthOf(row: string[]): number {
  let width = row.length;
  while (width > 0 && (row[width - 1] ?? "").trim() === "") width--;
  return width;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
