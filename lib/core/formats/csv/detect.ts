import { readRange } from "@/lib/core/formats/encoding/bytes";
import { createDecoder } from "@/lib/core/formats/encoding/decoder";
import { detectEncoding } from "@/lib/core/formats/encoding/detect";
import { foreignFormat } from "@/lib/core/formats/magic";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type ReadLimits,
  type SourceOptions,
} from "@/lib/core/formats/types";
import { hasDoubledQuotes } from "./candidates";
import { columnNames } from "./columns";
import { detectDialect, excelSeparator } from "./detect-dialect";
import type { Dialect } from "./dialect";
import { detectHeader, mergeHeader, type HeaderFinding } from "./header";
import { problemOf, usualWidth } from "./read";
import { CsvTokenizer } from "./tokenizer";
import { TokenizerFault } from "./tokenizer-options";

/** What the detection of a text file knows besides: the header as the file has it, before names were made unique. */
export interface CsvDetection extends Detection {
  rawHeader: string[];
  /** True when quotes inside quoted cells are not escaped at all. */
  unescapedQuotes: boolean;
}

const SAMPLE_BYTES = 256 * 1024;
/** Taken instead when the first sample holds only a few, very long rows. */
const LARGE_SAMPLE_BYTES = 4 * 1024 * 1024;
/** Share of zero bytes from which a file is not text. */
const NUL_SHARE_MAX = 0.01;

export async function detectCsv(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<CsvDetection> {
  if (file.size === 0) throw new FileProblem("empty-file", "The file is empty: it has 0 bytes.");
  const head = await readRange(file, 0, 4096);
  const foreign = foreignFormat(head);
  if (foreign !== undefined) throw new FileProblem("unsupported-format", foreign);
  const encoding = await detectEncoding(file, options.encoding);
  let sample = await readSample(file, encoding.encoding, SAMPLE_BYTES);
  if (!sample.whole && (sample.text.match(/[\r\n]+/g) ?? []).length < 8) {
    sample = await readSample(file, encoding.encoding, LARGE_SAMPLE_BYTES);
  }
  if (sample.whole && sample.text.trim() === "") {
    throw new FileProblem("empty-file", "The file is empty: it holds nothing but blanks.");
  }
  const evidence = [encoding.evidence, ...nulEvidence(sample.text)];
  const finding = detectDialect(sample.text, sample.whole, options);
  evidence.push(...finding.evidence);
  const text = finding.dialect.escape === "\0" ? sample.text : sample.text.replaceAll("\0", "");
  const table = readTable(text, sample.whole, finding.dialect, limits);
  const width = usualWidth(table.rows.filter((row) => row.length > 1 || row[0] !== ""));
  const separatorRows = excelSeparator(text) === undefined ? 0 : 1;
  const header =
    options.headerRow === undefined
      ? detectHeader(table.rows, width, separatorRows)
      : toldHeader(table.rows, options.headerRow);
  evidence.push(...header.evidence);
  return describe({
    file,
    sample: { ...sample, text },
    finding,
    header,
    evidence,
    encoding: encoding.encoding,
    limits,
    sampleSize,
    options,
  });
}

interface Sample {
  text: string;
  /** Whether it is the whole file. */
  whole: boolean;
  bytes: number;
}

async function readSample(file: ByteSource, encoding: string, length: number): Promise<Sample> {
  const bytes = await readRange(file, 0, length);
  return decodeSample(bytes, encoding, bytes.length >= file.size);
}

function decodeSample(bytes: Buffer, encoding: string, whole: boolean): Sample {
  const decoder = createDecoder(encoding);
  try {
    const text = decoder.decode(bytes) + (whole ? decoder.end() : "");
    return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, whole, bytes: bytes.length };
  } catch (error) {
    const bad = error instanceof FileProblem ? (error.where.byte ?? 0) : 0;
    // What comes before the damage can be read, and reading the file will say where it is.
    if (bad < 256) throw error;
    return decodeSample(bytes.subarray(0, bad - 1), encoding, false);
  }
}

function nulEvidence(text: string): string[] {
  const first = text.indexOf("\0");
  if (first < 0) return [];
  const count = text.split("\0").length - 1;
  if (count > text.length * NUL_SHARE_MAX) {
    throw new FileProblem(
      "nul-bytes",
      `The file is not text: it holds many zero bytes, the first at ${first}. It may be damaged, or a file of another kind.`,
      { byte: first },
    );
  }
  return [`${count} zero bytes in the sample are left out.`];
}

/** The rows of the sample, blank ones included, read with the usual width in mind. */
function readTable(text: string, whole: boolean, dialect: Dialect, limits: ReadLimits): { rows: string[][] } {
  const draft = tokenizeSample(text, whole, dialect, limits, 0, Infinity);
  const width = usualWidth(draft.rows.filter((row) => row.length > 1 || row[0] !== ""));
  if (draft.odd === 0) return draft;
  return tokenizeSample(text, whole, dialect, limits, width, Infinity);
}

function tokenizeSample(
  text: string,
  whole: boolean,
  dialect: Dialect,
  limits: ReadLimits,
  width: number,
  keepBlankRows: number,
) {
  const tokenizer = new CsvTokenizer(dialect, { limits, expectedColumns: width, keepBlankRows });
  const rows: string[][] = [];
  try {
    tokenizer.push(text, false, rows);
    const pendingChars = tokenizer.pendingChars;
    if (whole || rows.length === 0) tokenizer.push("", true, rows);
    return {
      rows,
      odd: tokenizer.repairedRows,
      loneQuotes: tokenizer.loneQuotes,
      unreadChars: whole ? 0 : pendingChars,
    };
  } catch (error) {
    if (!(error instanceof TokenizerFault)) throw error;
    const byte = Buffer.byteLength(text) - Buffer.byteLength(error.pendingText);
    if (error.kind !== "unclosed-quote") throw problemOf(error, 0, byte, limits);
    // The rows before it stand: reading the file delivers them and then says where it broke.
    return { rows, odd: 1, loneQuotes: tokenizer.loneQuotes, unreadChars: error.pendingText.length };
  }
}

function toldHeader(rows: string[][], headerRow: number): HeaderFinding {
  if (headerRow === 0)
    return { skippedRows: 0, headerRows: 0, header: [], evidence: ["No header: as told."] };
  const header = mergeHeader(rows.slice(headerRow - 1, headerRow));
  return {
    skippedRows: headerRow - 1,
    headerRows: 1,
    header,
    evidence: [`Header: row ${headerRow}, as told.`],
  };
}

interface Findings {
  file: ByteSource;
  sample: Sample;
  finding: ReturnType<typeof detectDialect>;
  header: HeaderFinding;
  evidence: string[];
  encoding: string;
  limits: ReadLimits;
  sampleSize: number;
  options: SourceOptions;
}

function describe({
  file,
  sample,
  finding,
  header,
  evidence,
  encoding,
  limits,
  sampleSize,
  options,
}: Findings): CsvDetection {
  const { dialect, newline } = finding;
  const before = header.skippedRows + header.headerRows;
  const first = tokenizeSample(sample.text, sample.whole, dialect, limits, 0, before);
  const width = usualWidth(first.rows.slice(before));
  const table =
    first.odd === 0 ? first : tokenizeSample(sample.text, sample.whole, dialect, limits, width, before);
  const data = table.rows.slice(before);
  const read = sample.text.length - table.unreadChars;
  const share = sample.text.length === 0 ? 1 : read / sample.text.length;
  const bytesPerRow = data.length === 0 ? 0 : (sample.bytes * share) / (data.length + before);
  return {
    format: "csv",
    source: {
      ...(options.dateOrder === undefined ? {} : { dateOrder: options.dateOrder }),
      format: "csv",
      encoding,
      ...dialect,
      headerRow: header.headerRows === 0 ? 0 : before,
    },
    newline,
    headerRows: header.headerRows,
    skippedRows: header.skippedRows,
    syntheticHeader: header.headerRows === 0,
    columns: columnNames(
      alignedHeader(header.header, data, width, dialect.delimiter),
      namedWidth(header.header, data, width),
    ),
    rawHeader: header.header,
    unescapedQuotes: quotesUnescaped(sample.text, dialect, table.loneQuotes),
    sampleRows: data.slice(0, sampleSize),
    rowEstimate: sample.whole
      ? data.length
      : bytesPerRow === 0
        ? 1
        : Math.max(data.length, Math.round(file.size / bytesPerRow) - before),
    rowEstimateExact: sample.whole,
    evidence,
  };
}

/** R writes a header without a name for its first column, the row names: one name fewer than there are cells. */
function alignedHeader(header: string[], data: string[][], width: number, delimiter: string): string[] {
  const writtenByR = delimiter === " " || delimiter === "\t";
  if (!writtenByR || header.length === 0 || header.length !== width - 1 || data.length < 2) return header;
  const full = data.filter((row) => row.length === width);
  const rowNames = new Set(full.map(([first]) => first));
  const lastFilled = full.every((row) => row[width - 1] !== "");
  return rowNames.size === full.length && lastFilled && full.length >= data.length * 0.9
    ? ["", ...header]
    : header;
}

function quotesUnescaped(text: string, dialect: Dialect, loneQuotes: number): boolean {
  return loneQuotes > 0 && dialect.quote !== "" && dialect.escape === "" && !hasDoubledQuotes(text, dialect);
}

/** Width of the table: a last column that has no name and is always empty comes of a delimiter at the line's end. */
function namedWidth(header: string[], data: string[][], width: number): number {
  const named = header.length;
  if (named === 0 || width <= named) return Math.max(width, named);
  const used = data.some((row) => row.length === width && row.slice(named).some((cell) => cell !== ""));
  return used ? width : named;
}
