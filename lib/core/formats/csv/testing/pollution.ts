import type { Dialect } from "../dialect";
import { writeRow, writeRows } from "./write-dialect";

/**
 * One clean table, polluted in one way each: the ways are those of the Pollock benchmark (Vitagliano et al., VLDB 2023)
 * for loading of delimited files. Written for these tests; no file of the benchmark is used.
 */
export interface PollutedFile {
  name: string;
  text: string;
  delimiter: string;
  quote: string;
  escape: string;
  newline: string;
  skippedRows: number;
  headerRows: number;
  header: string[];
  rows: string[][];
}

const HEADER = ["DATE", "TIME", "Qty", "ITEM", "Price", "Kind", "Description", "URL", "Comments"];

const KINDS = [
  "Men's Hiking Boots",
  "Running Jacket",
  "Throw Pillow, Wooden",
  'Dining Table, Round 48"',
  "Men's Boxer, 5\" Inseam",
];
const TEXTS = [
  "These boots are rugged enough for peak performance yet light and quick to wear.",
  "The next level of protection. From running, biking or walking, it won't let you down.",
  "Add a pop of fun to your bed, chair or sofa with this whimsical pillow.",
  "Made to our exacting standards, this patio table is durable enough to weather the elements.",
  "Crisp action and a remarkably light feel in our 8'9\" length rod, impeccably designed.",
  "Perfect for a day on the flats, these are breathable: quick drying and soft.",
];

function cleanRows(count: number): string[][] {
  return Array.from({ length: count }, (_, row) => [
    `${String((row % 28) + 1).padStart(2, "0")}/0${(row % 9) + 1}/2018`,
    `${String(row % 24).padStart(2, "0")}:${String((row * 15) % 60).padStart(2, "0")}`,
    String((row * 7) % 34),
    `${["MG", "RI", "CC", "YY"][row % 4]}-${1000 + ((row * 997) % 9000)}`,
    `$${(row * 13) % 90}.${String((row * 37) % 100).padStart(2, "0")}`,
    KINDS[row % KINDS.length] ?? "",
    TEXTS[row % TEXTS.length] ?? "",
    `https://www.example.com/product/${row}.html`,
    "",
  ]);
}

const USUAL: Dialect = { delimiter: ",", quote: '"', escape: "" };

function lineOf(row: string[], dialect = USUAL): string {
  return row
    .map((cell, column) =>
      column === 6 || column === 7
        ? quoted(cell, dialect)
        : writeRow([cell, "x"], dialect, "minimal").slice(0, -1 - dialect.delimiter.length),
    )
    .join(dialect.delimiter);
}

function quoted(cell: string, { quote, escape }: Dialect): string {
  return quote + cell.replaceAll(quote, (escape === "" ? quote : escape) + quote) + quote;
}

function linesOf(header: string[][], rows: string[][], dialect = USUAL): string[] {
  return [...header, ...rows].map((row) => lineOf(row, dialect));
}

/** Every pollution once; those of single rows at a few rows and every column. */
export function pollutedFiles(): PollutedFile[] {
  const rows = cleanRows(83);
  const base = {
    ...USUAL,
    newline: "\r\n",
    skippedRows: 0,
    headerRows: 1,
    header: HEADER,
    rows,
    escape: '"',
  };
  const file = (name: string, lines: string[], changes: Partial<PollutedFile> = {}): PollutedFile => {
    const whole = { ...base, ...changes };
    return { ...whole, name, text: lines.join(whole.newline) + whole.newline };
  };
  const lines = linesOf([HEADER], rows);
  const files = [
    file("source", lines),
    { ...file("no trailing newline", lines), text: lines.join("\r\n") },
    { ...file("double trailing newline", lines), text: lines.join("\r\n") + "\r\n\r\n" },
    file("no header", linesOf([], rows), { headerRows: 0, header: HEADER.map((_, i) => `Column ${i + 1}`) }),
    file("header of 2 rows", linesOf([HEADER, HEADER], rows), {
      headerRows: 2,
      header: HEADER.map((name) => `${name} ${name}`),
    }),
    file("header of 3 rows", linesOf([HEADER, HEADER, HEADER], rows), {
      headerRows: 3,
      header: HEADER.map((name) => `${name} ${name} ${name}`),
    }),
    file("preamble, delimited", ["PREAMBLE,,,,,,,,", ",,,,,,,,", ...lines], { skippedRows: 2 }),
    file("preamble, not delimited", ["PREAMBLE", "", ...lines], { skippedRows: 2 }),
    file("preamble of three lines", ["Report 2018", "Source: shop", "", ...lines], { skippedRows: 3 }),
    file("header only", lines.slice(0, 1), { rows: [] }),
    file("one data row", lines.slice(0, 2), { rows: rows.slice(0, 1) }),
    file("newline LF", lines, { newline: "\n" }),
    file("newline CR", lines, { newline: "\r" }),
    ...[";", "\t", " ", "|", ", ", ":", "\t\t"].map((delimiter) =>
      file(`delimiter ${JSON.stringify(delimiter)}`, linesOf([HEADER], rows, { ...USUAL, delimiter }), {
        delimiter,
      }),
    ),
    file("quote '", linesOf([HEADER], rows, { ...USUAL, quote: "'" }), { quote: "'", escape: "'" }),
    file("escape \\", linesOf([HEADER], rows, { ...USUAL, escape: "\\" }), { escape: "\\" }),
    file(
      "quotes not escaped",
      lines.map((line) => line.replaceAll('""', '"')),
      { escape: "" },
    ),
    ...multitables(rows, file),
    ...singleColumn(file),
  ];
  for (const row of [0, 1, 2, 5, 40, 82]) files.push(...pollutedRow(rows, row, file));
  return files;
}

type FileMaker = (name: string, lines: string[], changes?: Partial<PollutedFile>) => PollutedFile;

function multitables(rows: string[][], file: FileMaker): PollutedFile[] {
  const second = (width: number) => cleanRows(30).map((row) => [...row, "extra", "more"].slice(0, width));
  return [6, 9, 11].map((width) => {
    const header = [...HEADER, "Extra", "More"].slice(0, width);
    const below = [header, ...second(width)];
    return file(
      `two tables, the second with ${width} columns`,
      [...linesOf([HEADER], rows), ...below.map((row) => lineOf(row))],
      { rows: [...rows, ...below] },
    );
  });
}

function singleColumn(file: FileMaker): PollutedFile[] {
  const column = cleanRows(40).map((row) => [row[3] ?? ""]);
  const text = writeRows([["ITEM"], ...column], USUAL, "\r\n", "minimal")
    .split("\r\n")
    .slice(0, -1);
  return [file("one column", text, { header: ["ITEM"], rows: column })];
}

/** Pollutions of one data row (`row` counts from 0). */
function pollutedRow(rows: string[][], row: number, file: FileMaker): PollutedFile[] {
  const files: PollutedFile[] = [];
  const cells = rows[row] ?? [];
  const replace = (line: string, changed: string[]) => ({
    lines: linesOf([HEADER], rows).map((each, i) => (i === row + 1 ? line : each)),
    rows: rows.map((each, i) => (i === row ? changed : each)),
  });
  for (let column = 0; column < HEADER.length; column++) {
    const more = [...cells.slice(0, column), "", ...cells.slice(column)];
    const longer = replace(writeParts(more, column), more);
    files.push(file(`row ${row}: one delimiter more at ${column}`, longer.lines, { rows: longer.rows }));
    const stray = cells.map((cell, i) => (i === column ? `"${cell}` : cell));
    const extra = replace(writeStray(cells, column), stray);
    files.push(file(`row ${row}: stray quote at ${column}`, extra.lines, { rows: extra.rows }));
  }
  for (let column = 1; column < 5; column++) {
    const fewer = [
      ...cells.slice(0, column - 1),
      `${cells[column - 1] ?? ""}${cells[column] ?? ""}`,
      ...cells.slice(column + 1),
    ];
    const shorter = replace(writeParts(fewer, -1), fewer);
    files.push(file(`row ${row}: one delimiter less at ${column}`, shorter.lines, { rows: shorter.rows }));
  }
  return files;
}

function writeParts(cells: string[], added: number): string {
  return cells
    .map((cell, i) =>
      i !== added && (/[,"]/.test(cell) || cell.startsWith("https")) ? quoted(cell, USUAL) : cell,
    )
    .join(",");
}

/** The row with a quote put before the text of one cell, inside its quotes where it has some. */
function writeStray(cells: string[], column: number): string {
  return cells
    .map((cell, i) => {
      const isQuoted = i === 6 || i === 7 || /[,"]/.test(cell);
      const written = isQuoted ? cell.replaceAll('"', '""') : cell;
      const stray = i === column ? '"' : "";
      return isQuoted ? `"${stray}${written}"` : stray + written;
    })
    .join(",");
}
