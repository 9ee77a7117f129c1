import { isStaged, stageLines } from "@/db/bulk/staging";
import { copyValidRows, failedRowsOf } from "@/db/bulk/staged-fixes";
import { findImport } from "@/db/queries/imports";
import type { RowBatch } from "@/lib/core/formats/types";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { rowEncoderOf } from "./row-options";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";
import { beginReading, endReading } from "./stage";
import { emptySummary, stageLinesOf, type StagedSummary } from "./stage-lines";

/**
 * Stages an import from the staged rows of an earlier one (`retryOf`) in place of a file: rows that had failed are
 * checked anew as they read now, and where everything is imported again the valid ones are taken as they are. Rows keep
 * their numbers, so that a person still finds them in the file.
 * @throws PermanentImportError when those rows are gone, or in strict mode when one is invalid
 */
export async function stageFromRows(ctx: SystemContext, importId: string): Promise<{ rows: number }> {
  const running = await loadRunning(ctx, importId);
  const { row } = running;
  const done = row.staged as StagedSummary | null;
  if (done && (await isStaged(ctx.db.sql, importId))) return { rows: done.rows };
  const source = row.retryOf && (await findImport(ctx.db, row.retryOf.importId, row.ownerId));
  if (!row.retryOf || !source?.staged || !(await isStaged(ctx.db.sql, source.id))) {
    throw new PermanentImportError({
      code: "rows-removed",
      message: "The rows that were to be imported again are no longer kept.",
    });
  }
  const { rows } = row.retryOf;
  const before = source.staged as StagedSummary;
  await throwIfCancelled(ctx, row.jobId);
  await beginReading(ctx, row, rows === "all" ? before.rows : before.invalid);
  const summary = await stageFailedRows(ctx, running, source.id);
  summary.passedOver = before.passedOver;
  summary.passedOverThrough = before.passedOverThrough;
  if (rows === "all") await addValidRows(ctx, importId, source.id, before, summary);
  return await endReading(ctx, running, summary);
}

async function stageFailedRows(
  ctx: SystemContext,
  running: RunningImport,
  sourceId: string,
): Promise<StagedSummary> {
  const { detection, target } = running;
  const summary = emptySummary();
  const encoder = rowEncoderOf(detection, target);
  const lines = stageLinesOf(rowsAsRead(ctx, sourceId), encoder, summary, () => Promise.resolve());
  await stageLines(ctx.db.sql, running.row.id, running.criteria, lines);
  return summary;
}

/** Failed rows stand anywhere in their file: each is a batch of its own, with its own number. */
async function* rowsAsRead(ctx: SystemContext, sourceId: string): AsyncGenerator<RowBatch> {
  for await (const page of failedRowsOf(ctx.db.sql, sourceId)) {
    for (const { number, raw } of page) yield { firstRow: number, rows: [raw ?? []], bytesRead: 0 };
  }
}

async function addValidRows(
  ctx: SystemContext,
  importId: string,
  sourceId: string,
  before: StagedSummary,
  summary: StagedSummary,
): Promise<void> {
  const copied = await copyValidRows(ctx.db.sql, sourceId, importId);
  summary.rows += copied.rows;
  summary.lastRow = Math.max(summary.lastRow, copied.lastRow);
  summary.blank += before.blank;
  summary.statesIds = before.statesIds;
  summary.rowsWithExtraCells = before.rowsWithExtraCells;
  summary.corrections = before.corrections;
  summary.unknownKeys = before.unknownKeys;
  summary.problem = before.problem;
}
