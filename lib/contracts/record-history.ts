import { z } from "zod";
import { Moment, pageQuery } from "./common";
import type { RecordView } from "./records";

type Value = string | number | boolean;
export type HistoryData = Record<string, Value>;

export const HistoryQuery = z.object(pageQuery({ max: 200, standard: 50 }));
export type ListHistory = z.output<typeof HistoryQuery>;

/** Back to what the record was after the change that led to `version`, or to what it was at the moment `at`. */
export const RevertBody = z.union([
  z.strictObject({ version: z.number().int().min(1) }),
  z.strictObject({ at: Moment }),
]);
export type RevertTarget = z.output<typeof RevertBody>;

/**
 * created: the record came into being · edit, delete: by hand or over the API · import: a file changed or removed it ·
 * restore: a restore from a backup changed it, removed it or brought it back · undo, redo: of either · revert: it was set back to an earlier state, or put back after it had been deleted
 */
export type HistoryKind = "created" | "edit" | "delete" | "import" | "restore" | "undo" | "redo" | "revert";

/** Who or what made a change. `jobId` is the job that did it; it may be gone, since jobs are kept for a set time. */
export interface ChangeAuthor {
  userId?: string;
  importId?: string;
  /** The restore that the import is a part of: a restore has one for each collection. */
  restoreId?: string;
  jobId?: string;
  /** The person's name or e-mail address, or the name of the imported or restored file. */
  label: string;
}

export interface FieldChange {
  field: string;
  /** null = no value */
  from: Value | null;
  to: Value | null;
}

/** One change of a record. A version can occur twice, where an undo took a record back and a redo made it again. */
export interface HistoryItem {
  version: number;
  at: string;
  kind: HistoryKind;
  by: ChangeAuthor;
  changes: FieldChange[];
  /** The whole record after this change; null when it was gone then, or when that is not known any more. */
  data: HistoryData | null;
  /** What happened next is not known any more, so neither is what this change led to: `data` and `changes` are empty. */
  gap?: true;
}

/** The change that set a field's present value. */
export type ValueOrigin = Pick<HistoryItem, "version" | "at" | "kind" | "by">;

export interface RecordHistory {
  /** Newest first; the last one on the last page is the record's creation. */
  items: HistoryItem[];
  nextCursor: string | null;
  /**
   * Given when some change is not known any more. journal-expired: imports keep what they replaced for a set time, and
   * that of one here is over · not-recorded: there is no trace of a change
   */
  truncatedBecause?: "journal-expired" | "not-recorded";
  /** On the first page: for each field with a value the change that set it; a field is left out where that is not known. */
  setBy?: Record<string, ValueOrigin>;
}

/** A value of the earlier state that was not taken over. */
export interface LeftOut {
  field: string;
  /** no-such-field: the collection has no such field now · does-not-fit: the field's rules have changed */
  reason: "no-such-field" | "does-not-fit";
  message: string;
}

export interface RevertedRecord extends RecordView {
  leftOut: LeftOut[];
}
