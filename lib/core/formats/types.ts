import type { Field } from "@/lib/core/fields/types";
import type { PassedOver } from "@/lib/core/formats/file-rows";

/**
 * A file's bytes with random access. Readers of archives (XLSX) need ranges; readers of text stream from 0.
 * `stream(start, end)` yields the bytes of [start, end) in order; both default to the whole file. A source that turns
 * out shorter than `size` throws SourceTruncatedError while it is read.
 */
export interface ByteSource {
  readonly size: number;
  stream(start?: number, end?: number): AsyncIterable<Uint8Array>;
}

export type FileFormat = "csv" | "xlsx" | "json" | "ndjson";

/**
 * How a file is to be read. Everything detected can be told instead (the `source` object of the import API), and what
 * is told is never second-guessed.
 */
export interface SourceOptions {
  format?: FileFormat;
  /** WHATWG label in lower case: "utf-8", "utf-16le", "windows-1252", "shift_jis"… CSV and JSON only. */
  encoding?: string;
  delimiter?: string;
  /** "" = the file has no quotes. */
  quote?: string;
  /** "" = a quote inside a quoted cell is doubled; else the escape character, such as a backslash. */
  escape?: string;
  /** Index or name: a sheet of a workbook, a collection inside a Ferry export, or a file of several in a ZIP. */
  sheet?: number | string;
  /** 1-based row of the (last) header row; 0 = the file has no header. */
  headerRow?: number;
  dateOrder?: DateOrder;
}

export type DateOrder = "ymd" | "dmy" | "mdy";

/** One thing a file could be read as: a sheet, or a collection in an export. */
export interface SheetInfo {
  index: number;
  name: string;
}

/**
 * What detection found: enough to read the file again in exactly the same way, and to explain why.
 * `columns` are unique and never empty. `source` is complete: passing it back to `read` needs no further detection.
 */
export interface Detection {
  format: FileFormat;
  source: SourceOptions & { format: FileFormat };
  /** Newline as found: "\n", "\r\n", "\r". CSV only. */
  newline?: string;
  /** Number of rows that make up the header (0 = none; 2 or 3 = stacked headers). */
  headerRows: number;
  /** Rows passed over before the header (titles, blank lines, comments). */
  skippedRows: number;
  /** True when the names in `columns` were made up because the file has none. */
  syntheticHeader: boolean;
  columns: string[];
  /** First data rows, raw, at most the requested sample. */
  sampleRows: string[][];
  /** Data rows in the whole file: exact when the sample reached the end, else estimated from the bytes. */
  rowEstimate: number;
  rowEstimateExact: boolean;
  sheets?: SheetInfo[];
  /** Field definitions the file itself states (a Ferry export does). */
  fields?: Field[];
  /** Which of those fields identify a record, and the template of the collection, as a Ferry export states them. */
  keyFields?: string[];
  template?: string;
  /** When the Ferry export was made that the file is: ISO 8601. */
  exportedAt?: string;
  /** The file is packed: which file inside is the table ("" of gzip, which has no names), and which sheet of it. */
  packed?: { kind: "gzip" | "zip"; entry: string; sheet?: number | string };
  /** One sentence per decision, in the order they were made; shown to the person. */
  evidence: string[];
}

/**
 * A batch of data rows (header and skipped rows excluded), as raw strings, ragged rows ragged. `firstRow` is the
 * 1-based number of rows[0] among the data rows. `bytesRead` counts source bytes consumed so far, for progress.
 * `sourceIds[i]` is the record id the file states for the row, where the format has one (a Ferry export).
 */
export interface RowBatch {
  firstRow: number;
  rows: string[][];
  bytesRead: number;
  sourceIds?: (string | undefined)[];
  /** Empty rows that the reader met since the last batch, where rows have places in their file (text, workbooks). */
  passedOver?: PassedOver[];
  /** Keys of objects that detection had not met, in the batch where each first appears: their values are left out. */
  unknownKeys?: string[];
}

export interface FormatReader {
  readonly format: FileFormat;
  /** Looks at up to the first 64 KiB: true when these bytes are this format. Told by content, never by name. */
  sniff(head: Uint8Array): boolean;
  detect(
    file: ByteSource,
    options: SourceOptions,
    limits: ReadLimits,
    sampleSize: number,
  ): Promise<Detection>;
  /**
   * Streams all data rows. Problems end the iteration with a FileProblem that says where. Memory stays flat with a
   * `scratch`; without one, it holds what the rows refer to (the texts of a workbook).
   */
  read(
    file: ByteSource,
    detection: Detection,
    limits: ReadLimits,
    scratch?: Scratch,
  ): AsyncIterable<RowBatch>;
}

/**
 * Room outside memory for what a reader has to come back to: pages of one size, appended in order and read again in any.
 * Synchronous, since it is wanted in the middle of a row. Belongs to one reading; whoever made it closes it.
 */
export interface Scratch {
  /** Keeps a copy of the bytes as the next page; the first has number 0. All pages are of the size of the first. */
  append(page: Uint8Array): void;
  /** Fills `into`, which has the size of a page. */
  read(page: number, into: Uint8Array): void;
}

/** Limits of S3.4; each has its own error code. */
export interface ReadLimits {
  columnsMax: number;
  cellCharsMax: number;
  rowsMax: number;
  /** Uncompressed bytes an archive may hold, in all. */
  archiveBytesMax: number;
  archiveEntriesMax: number;
  /** Largest uncompressed : compressed ratio of one archive entry. */
  expansionRatioMax: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  columnsMax: 2_000,
  cellCharsMax: 10_000_000,
  rowsMax: 20_000_000,
  archiveBytesMax: 20 * 1024 ** 3,
  archiveEntriesMax: 10_000,
  expansionRatioMax: 500,
};

export type FileProblemCode =
  | "empty-file"
  | "header-only"
  | "not-a-table"
  | "unsupported-format"
  | "wrong-encoding"
  | "unclosed-quote"
  | "nul-bytes"
  | "too-many-columns"
  | "cell-too-long"
  | "too-many-rows"
  | "archive-too-large"
  | "archive-damaged"
  | "archive-encrypted"
  | "sheet-not-found"
  | "json-syntax"
  | "truncated";

/**
 * A file that cannot be read (further), in words for the person: what, where, and what to do. `row` is the 1-based
 * data row, `byte` the offset in the file. Rows before it were delivered and stand.
 */
export class FileProblem extends Error {
  constructor(
    readonly code: FileProblemCode,
    message: string,
    readonly where: { row?: number; column?: number | string; byte?: number; sheet?: string } = {},
  ) {
    super(message);
    this.name = "FileProblem";
  }
}
