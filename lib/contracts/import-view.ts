import type { ColumnDateOrder } from "@/lib/core/fields/infer";
import type { Field, FieldValue } from "@/lib/core/fields/types";
import type { FileRows } from "@/lib/core/formats/file-rows";
import type { Detection, SourceOptions } from "@/lib/core/formats/types";
import type { MappingProblem } from "@/lib/core/mapping/types";
import type {
  CellIssue,
  ImportFailure,
  ImportOptions,
  ImportResult,
  MappingEntry,
  PlanCounts,
} from "@/lib/contracts/imports";

export type ImportState =
  | "draft"
  | "pending"
  | "staging"
  | "awaiting_review"
  | "applying"
  | "completed"
  | "completed_with_errors"
  | "failed"
  | "rolled_back"
  | "cancelled"
  | "undoing"
  | "undone"
  | "redoing";

/** Rows that failed when the file was read: still invalid, and mended since. */
export interface FailedRowCounts {
  invalid: number;
  fixed: number;
}

/** An import as lists show it: one of `GET /api/v1/imports`. */
export interface ImportSummary {
  id: string;
  state: ImportState;
  jobId: string;
  collectionId: string | null;
  newCollection: { name: string; template?: string } | null;
  fileName: string;
  uploadId: string;
  counts: PlanCounts | null;
  result: ImportResult | null;
  failure: ImportFailure | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** Until when an import that waits for a decision does so; then it is cancelled. Null at any other time. */
  expiresAt: string | null;
  /** Null until the file has been read. */
  failedRows: FailedRowCounts | null;
  /** The import whose rows this one imports again. */
  retryOf: { importId: string; rows: "all" | "failed" } | null;
  /** Until when it can be undone; null while it cannot. */
  undoableUntil: string | null;
  /** The last undo, or its taking back: under way or done. */
  undo: { jobId: string; removed: number; restored: number; kept: number } | null;
}

/** An import with everything its wizard needs: `GET /api/v1/imports/{id}`. */
export interface ImportView extends ImportSummary {
  source: SourceOptions;
  detection: Omit<Detection, "source" | "fields">;
  /** The fields of the collection as they will be, those the import creates last. */
  fields: Field[];
  keyFields: string[];
  mapping: MappingEntry[];
  mappingProblems: MappingProblem[];
  dateOrders: ColumnDateOrder[];
  options: ImportOptions;
  /** Values that were corrected, by field. */
  corrections: Record<string, number>;
  /** Where and why the file could be read only in part. */
  fileProblem: ImportFailure | null;
  /**
   * Where the rows stand in the file: the API counts rows of data, a person the rows of a spreadsheet. Null for files
   * whose records have no rows (JSON).
   */
  fileRows: FileRows | null;
}

/** `GET …/preview`: the first rows as they will be stored. */
export interface ImportPreview {
  fields: Field[];
  rows: PreviewRow[];
  problems: MappingProblem[];
  /**
   * A field that would tell the records of a collection without a key apart: it does so with all that are there, and with
   * the first rows of the file. Only ever proposed; null where the person has chosen.
   */
  suggestedKey: string | null;
}

export interface PreviewRow {
  number: number;
  values: Record<string, FieldValue>;
  cells: PreviewCell[];
}

export interface PreviewCell {
  field: string;
  raw: string;
  value?: FieldValue;
  error?: { code: string; message: string };
  correction?: { code: string; message: string };
}

/** One of `GET …/rows?status=`. */
export interface ImportRowView {
  number: number;
  /** Invalid and fixed rows: the text by column, as it reads now. Others: the values as they are stored, by field. */
  values: Record<string, FieldValue>;
  recordId?: string;
  /** Of a row that updates a record: what the record is, or was, before. */
  before?: Record<string, FieldValue>;
  /** What still keeps the row from being stored. */
  errors: CellIssue[];
  /** True for a row that failed when the file was read, and has been mended. */
  fixed?: boolean;
}

/** A row that failed when the file was read. */
export interface FailedRow extends ImportRowView {
  values: Record<string, string>;
}
