import type { Dialect } from "../dialect";
import type { Random } from "./random";
import { randomTable, type Table } from "./tables";
import { writeRows, type Quoting } from "./write-dialect";

/** One file of the corpus and what should be found in it. */
export interface CorpusFile {
  text: string;
  dialect: Dialect;
  table: Table;
  hasHeader: boolean;
  skippedRows: number;
}

const DELIMITERS = [
  ",",
  ",",
  ",",
  ",",
  ";",
  ";",
  ";",
  "\t",
  "\t",
  "|",
  "|",
  " ",
  ":",
  "^",
  "~",
  "::",
  "||",
  ", ",
];

/** A random table, written in a random dialect, now and then without a header or below a title. */
export function corpusFile(random: Random): CorpusFile {
  const delimiter = random.pick(DELIMITERS);
  const quote = random.chance(0.88) ? '"' : "'";
  const escape = random.chance(0.9) ? "" : "\\";
  const dialect = { delimiter, quote, escape };
  const quoting: Quoting = random.pick(["minimal", "minimal", "minimal", "text", "all"]);
  const table = randomTable(random, random.int(2, 10), random.int(3, 60));
  const hasHeader = random.chance(0.9);
  const newline = random.pick(["\n", "\r\n", "\r\n", "\r"]);
  const body = writeRows(hasHeader ? [table.header, ...table.rows] : table.rows, dialect, newline, quoting);
  const titled = hasHeader && random.chance(0.1) && table.header.length >= 4;
  const title = titled ? `Report of the year${newline}${newline}` : "";
  const text = title + (random.chance(0.2) ? body.slice(0, -newline.length) : body);
  return { text, dialect, table, hasHeader, skippedRows: titled ? 2 : 0 };
}
