import type {
  ImportFailure,
  ImportOptions,
  ImportResult,
  MappingEntry,
  PlanCounts,
} from "@/lib/contracts/imports";
import type { Field, FieldValue } from "@/lib/core/fields/types";
import type { DateOrder, Detection, SourceOptions } from "@/lib/core/formats/types";
import type { MappingProblem } from "@/lib/core/mapping/types";

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

/** One of `GET /api/v1/imports`. */
export interface ImportSummary {
  id: string;
  state: ImportState;
  jobId: string;
  collectionId: string | null;
  newCollection: { name: string; template?: string } | null;
  fileName: string;
  counts: PlanCounts | null;
  result: ImportResult | null;
  failure: ImportFailure | null;
  createdAt: string;
  finishedAt: string | null;
  /** Until when it can be undone; null while it cannot. */
  /** Until when it waits for a decision; null at any other time. */
  expiresAt: string | null;
  /** Rows that failed when the file was read: still invalid, and fixed since. */
  failedRows: { invalid: number; fixed: number } | null;
  undoableUntil: string | null;
  undo: { jobId: string; removed: number; restored: number; kept: number } | null;
}

/** `GET /api/v1/imports/{id}`. */
export interface ImportView extends ImportSummary {
  source: SourceOptions;
  detection: Omit<Detection, "source" | "fields">;
  /** The collection's fields as they will be, those the import creates last. */
  fields: Field[];
  keyFields: string[];
  mapping: MappingEntry[];
  mappingProblems: MappingProblem[];
  dateOrders: { column: string; order: DateOrder | "ambiguous" }[];
  options: ImportOptions;
  /** Where and why the file could be read only in part. */
  fileProblem: ImportFailure | null;
}

/** `GET …/preview`: the first rows as they will be stored. */
export interface ImportPreview {
  fields: Field[];
  rows: PreviewRow[];
  problems: MappingProblem[];
}

export interface PreviewRow {
  number: number;
  cells: PreviewCell[];
}

export interface PreviewCell {
  field: string;
  raw: string;
  value?: FieldValue;
  error?: { code: string; message: string };
  correction?: { code: string; message: string };
}

/** `GET …/rows?status=invalid`: `values` are the text by column, as it reads now. */
export interface FailedRow {
  number: number;
  values: Record<string, string>;
  fixed?: boolean;
  errors: { field: string; value: string; code: string; message: string }[];
}
