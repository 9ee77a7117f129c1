import { isStaged, stageLines } from "@/db/bulk/staging";
import { copyValidRows, failedRowsOf } from "@/db/bulk/staged-fixes";
import { advanceJob } from "@/db/queries/jobs";
import { findImport, patchImport } from "@/db/queries/imports";
import type { RowBatch } from "@/lib/core/formats/types";
import { compileRowEncoder } from "@/lib/core/mapping/row-encoder";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { rowOptions } from "./row-options";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";
import { refuseWhatCannotGoOn, STAGE_RANGE } from "./stage";
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
  await patchImport(ctx.db, importId, { state: "staging", startedAt: row.startedAt ?? ctx.now() }, [
    "pending",
    "staging",
  ]);
  await throwIfCancelled(ctx, row.jobId);
  const before = source.staged as StagedSummary;
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "progress",
    state: "processing",
    phase: { name: "reading", total: row.retryOf.rows === "all" ? before.rows : before.invalid },
    processed: 0,
    failed: 0,
    range: STAGE_RANGE,
  });
  const summary = await stageFailedRows(ctx, running, source.id);
  if (row.retryOf.rows === "all") await addValidRows(ctx, importId, source.id, before, summary);
  await patchImport(ctx.db, importId, { staged: summary });
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "batch_complete",
    phase: { name: "reading", total: summary.rows },
    processed: summary.rows,
    failed: summary.invalid,
    recentErrors: summary.recentErrors,
    range: STAGE_RANGE,
  });
  refuseWhatCannotGoOn(running, summary);
  return { rows: summary.rows };
}

async function stageFailedRows(
  ctx: SystemContext,
  running: RunningImport,
  sourceId: string,
): Promise<StagedSummary> {
  const { detection, target } = running;
  const summary = emptySummary();
  const encoder = compileRowEncoder({
    fields: target.fields,
    columnIndexes: target.columnIndexes,
    columnCount: detection.columns.length,
    options: rowOptions(detection, target),
  });
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
  summary.rowsWithExtraCells = before.rowsWithExtraCells;
  summary.corrections = before.corrections;
  summary.unknownKeys = before.unknownKeys;
  summary.problem = before.problem;
}
