import { isUuid } from "@/lib/platform/ids";
import { type Detection, FileProblem, type RowBatch } from "@/lib/core/formats/types";
import { storableText } from "@/lib/core/fields/clean";
import type { RowEncoder } from "@/lib/core/mapping/row-encoder";
import type { PassedOver } from "@/lib/core/formats/file-rows";
import type { CellIssue, ImportFailure } from "@/lib/contracts/imports";
import { stagedInvalidLine, stagedLine } from "@/db/bulk/staging";

// Larger pieces are no faster, and leave the worker 40 MB larger (bench/README.md).
const FLUSH_CHARS = 64 * 1024;
const ERRORS_KEPT = 10;
const PASSED_OVER_KEPT = 1_000;

/** What staging found, kept with the import. */
export interface StagedSummary {
  /** Rows staged, valid and invalid; blank ones are passed over. */
  rows: number;
  invalid: number;
  blank: number;
  lastRow: number;
  /** Whether some row states the id of the record it was; undefined = it may be. */
  statesIds?: boolean;
  rowsWithExtraCells: number;
  corrections: Record<string, number>;
  /** Keys of a JSON file that detection had not met; their values are not imported. */
  unknownKeys: string[];
  /** Invalid cells per field and code: for recommendations. */
  issueCounts: Record<string, number>;
  recentErrors: { row: number; field: string; code: string; message: string }[];
  /** Where a damaged file broke off; the rows before it stand. */
  problem?: ImportFailure;
  /** Empty rows of the file, for naming its rows as a person finds them; the first so many. */
  passedOver?: PassedOver[];
  /** Further empty rows stand behind this data row. */
  passedOverThrough?: number;
  /** Rows that were invalid and were fixed in the page: before the import went on (it takes them along)… */
  fixedInReview?: number;
  /** …and after it had ended (they are still counted in `invalid`, as its result counts them). */
  fixedAfterwards?: number;
  /** Rows fixed since the plan was made: it is made again before anything is applied. */
  unplannedFixes?: number;
}

export interface StageProgress {
  rows: number;
  invalid: number;
  bytesRead: number;
}

/**
 * Turns batches of raw rows into lines for COPY, and counts. `onProgress` is called after every batch and may throw to
 * stop. A FileProblem after the first row ends the stream and is kept in `summary.problem`; before it, it is thrown.
 */
export async function* stageLinesOf(
  batches: AsyncIterable<RowBatch>,
  encoder: RowEncoder,
  summary: StagedSummary,
  onProgress: (progress: StageProgress) => Promise<void>,
): AsyncGenerator<Buffer> {
  let text = "";
  summary.statesIds = false;
  const unknown = new Set<string>();
  try {
    for await (const batch of batches) {
      for (let i = 0; i < batch.rows.length; i++) {
        const row = batch.rows[i]!;
        const number = batch.firstRow + i;
        const json = encoder.encode(row);
        if (json === undefined) {
          summary.blank++;
          continue;
        }
        summary.rows++;
        summary.lastRow = number;
        if (json === null) {
          text += invalidLine(number, row, encoder.issues, summary);
        } else {
          const statedId = recordId(batch.sourceIds?.[i]);
          if (statedId !== undefined) summary.statesIds = true;
          text += stagedLine(number, json, statedId);
        }
        if (text.length >= FLUSH_CHARS) {
          yield Buffer.from(text);
          text = "";
        }
      }
      notePassedOver(batch, summary);
      for (const key of batch.unknownKeys ?? []) unknown.add(key);
      await onProgress({ rows: summary.rows, invalid: summary.invalid, bytesRead: batch.bytesRead });
    }
  } catch (error) {
    if (!(error instanceof FileProblem) || summary.rows === 0) throw error;
    summary.problem = { code: error.code, message: error.message, where: error.where };
  }
  if (text !== "") yield Buffer.from(text);
  summary.rowsWithExtraCells = encoder.rowsWithExtraCells;
  summary.corrections = encoder.corrections();
  summary.unknownKeys = [...unknown].slice(0, 100);
}

function notePassedOver({ passedOver = [] }: RowBatch, summary: StagedSummary): void {
  if (passedOver.length === 0 || summary.passedOverThrough !== undefined) return;
  const kept = (summary.passedOver ??= []);
  const room = PASSED_OVER_KEPT - kept.length;
  kept.push(...passedOver.slice(0, room));
  if (passedOver.length > room) summary.passedOverThrough = passedOver[room]!.before - 1;
}

/** What stands where a record's id should is one, or the row has none. */
function recordId(stated: string | undefined): string | undefined {
  return stated !== undefined && isUuid(stated) ? stated : undefined;
}

function invalidLine(
  number: number,
  row: readonly string[],
  issues: readonly CellIssue[],
  summary: StagedSummary,
): string {
  summary.invalid++;
  for (const { field, code, message } of issues) {
    const key = `${field} ${code}`;
    summary.issueCounts[key] = (summary.issueCounts[key] ?? 0) + 1;
    if (summary.recentErrors.length < ERRORS_KEPT)
      summary.recentErrors.push({ row: number, field, code, message });
  }
  return stagedInvalidLine(number, JSON.stringify(row.map(storableText)), JSON.stringify(issues));
}

export function emptySummary(): StagedSummary {
  return {
    rows: 0,
    invalid: 0,
    blank: 0,
    lastRow: 0,
    rowsWithExtraCells: 0,
    corrections: {},
    unknownKeys: [],
    issueCounts: {},
    recentErrors: [],
  };
}

/** Rows in the whole file, from the share of its bytes that has been read. */
export function estimateRows(detection: Detection, sizeBytes: number, progress: StageProgress): number {
  if (detection.rowEstimateExact) return Math.max(detection.rowEstimate, progress.rows);
  if (progress.bytesRead <= 0 || progress.rows === 0) return detection.rowEstimate;
  return Math.max(progress.rows, Math.round((progress.rows * sizeBytes) / progress.bytesRead));
}
