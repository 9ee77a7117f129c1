import { detectFile, readFile } from "./registry";
import { FileProblem, type ByteSource, type Detection, type ReadLimits, type SourceOptions } from "./types";

/** How a file was understood, in the words of a dialect record; what `npm run inspect` prints first. */
export interface Inspection {
  format: string;
  encoding?: string;
  delimiter?: string;
  quote?: string;
  /** The quote itself where quotes are doubled; "" where the file has quotes that nothing escapes. */
  escape?: string;
  newline?: string;
  headerRows: number;
  skippedRows: number;
  syntheticHeader?: true;
  columns: string[];
  sheet?: string;
  rowEstimate: number;
  rowEstimateExact: boolean;
  evidence: string[];
}

/** Where reading stopped before the end of the file. */
export interface ReadingProblem {
  code: string;
  message: string;
  row?: number;
  byte?: number;
}

export interface InspectedFile {
  inspection: Inspection;
  /** The header as the file has it (stacked rows merged), or the made-up names when it has none. */
  header: string[];
  /** Data rows as raw strings, ragged ones ragged. Throws FileProblem where the file breaks. */
  rows: AsyncIterable<string[]>;
}

const SAMPLE_ROWS = 100;

/**
 * The first stage of an import without a database: what the wizard detects, and the rows it reads.
 * @param rowsMax data rows wanted; Infinity for all
 * @throws FileProblem when the file cannot be read at all
 */
export async function inspectFile(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  rowsMax: number,
): Promise<InspectedFile> {
  const detection = await detectFile(file, options, limits, SAMPLE_ROWS);
  return {
    inspection: describe(detection),
    header: headerOf(detection),
    rows: firstRows(file, detection, limits, rowsMax),
  };
}

function describe(detection: Detection): Inspection {
  const { source } = detection;
  const sheet = detection.sheets?.find(({ index, name }) => index === source.sheet || name === source.sheet);
  return {
    format: detection.format,
    encoding: source.encoding,
    // A file of one column has no delimiter; a dialect record names the usual one then.
    delimiter: source.delimiter === "" ? "," : source.delimiter,
    quote: source.quote,
    escape: detection.format === "csv" ? escapeOf(detection) : undefined,
    newline: detection.newline,
    headerRows: detection.headerRows,
    skippedRows: detection.skippedRows,
    ...(detection.syntheticHeader ? { syntheticHeader: true as const } : {}),
    columns: detection.columns,
    sheet: sheet?.name,
    rowEstimate: detection.rowEstimate,
    rowEstimateExact: detection.rowEstimateExact,
    evidence: detection.evidence,
  };
}

function escapeOf(detection: Detection): string {
  if ("unescapedQuotes" in detection && detection.unescapedQuotes === true) return "";
  return detection.source.escape || (detection.source.quote ?? "");
}

function headerOf(detection: Detection): string[] {
  if (detection.syntheticHeader) return detection.columns;
  const raw: unknown = "rawHeader" in detection ? detection.rawHeader : undefined;
  return Array.isArray(raw) ? raw.map(String) : detection.columns;
}

async function* firstRows(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
  rowsMax: number,
): AsyncGenerator<string[]> {
  let left = rowsMax;
  if (left <= 0) return;
  for await (const { rows } of readFile(file, detection, limits)) {
    for (const row of rows) {
      yield row;
      if (--left <= 0) return;
    }
  }
}

/** The sentence for a file that could not be read, whatever went wrong. */
export function problemSentence(error: unknown): string {
  if (error instanceof FileProblem) return error.message;
  return error instanceof Error
    ? `The file could not be read: ${error.message}`
    : "The file could not be read.";
}

export function readingProblem(error: unknown): ReadingProblem {
  const message = problemSentence(error);
  if (!(error instanceof FileProblem)) return { code: "unreadable", message };
  return { code: error.code, message, row: error.where.row, byte: error.where.byte };
}
