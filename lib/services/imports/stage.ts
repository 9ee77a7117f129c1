import path from "node:path";
import { readFile } from "@/lib/core/formats/registry";
import { FileProblem } from "@/lib/core/formats/types";
import { isStaged, stageLines } from "@/db/bulk/staging";
import { advanceJob } from "@/db/queries/jobs";
import { type ImportRow, patchImport } from "@/db/queries/imports";
import { env } from "@/lib/platform/env";
import { ScratchFile } from "@/lib/platform/scratch-file";
import type { SystemContext } from "@/lib/services/context";
import { readLimits } from "@/lib/services/uploads/limits";
import { openUpload } from "@/lib/services/uploads/open-file";
import { PermanentImportError } from "./errors";
import { errorsWithPlaces } from "./file-rows";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";
import {
  emptySummary,
  estimateRows,
  stageLinesOf,
  type StagedSummary,
  type StageProgress,
} from "./stage-lines";
import { rowEncoderOf } from "./row-options";

const PROGRESS_EVERY_MS = 400;

/** Where reading the file lies in the whole, in per cent. */
const STAGE_RANGE: [number, number] = [0, 45];

/**
 * Reads the whole file into the import's staging table: decoded, coerced, validated. Runs again from the start when it
 * was interrupted; does nothing when it has been done.
 * @throws PermanentImportError when nothing can be read, or in strict mode when a row is invalid
 * @throws ImportCancelledError when the person asked for it
 */
export async function stageImport(ctx: SystemContext, importId: string): Promise<{ rows: number }> {
  const running = await loadRunning(ctx, importId);
  const { row } = running;
  if (row.staged && (await isStaged(ctx.db.sql, importId)))
    return { rows: (row.staged as { rows: number }).rows };
  await beginReading(ctx, row, running.detection.rowEstimate);
  return await endReading(ctx, running, await readIntoStaging(ctx, running));
}

/** Says that the rows are being read, about `total` of them. */
export async function beginReading(ctx: SystemContext, row: ImportRow, total: number): Promise<void> {
  await patchImport(ctx.db, row.id, { state: "staging", startedAt: row.startedAt ?? ctx.now() }, [
    "pending",
    "staging",
  ]);
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "progress",
    state: "processing",
    phase: { name: "reading", total },
    processed: 0,
    failed: 0,
    range: STAGE_RANGE,
  });
}

/**
 * Keeps what reading has found, and says that it has ended.
 * @throws PermanentImportError when nothing can be imported, or in strict mode when a row is invalid
 */
export async function endReading(
  ctx: SystemContext,
  running: RunningImport,
  summary: StagedSummary,
): Promise<{ rows: number }> {
  await patchImport(ctx.db, running.row.id, { staged: summary });
  await advanceJob(ctx.db.sql, running.row.jobId, {
    event: "batch_complete",
    phase: { name: "reading", total: summary.rows },
    processed: summary.rows,
    failed: summary.invalid,
    recentErrors: errorsWithPlaces(running.detection, summary),
    range: STAGE_RANGE,
  });
  refuseWhatCannotGoOn(running, summary);
  return { rows: summary.rows };
}

async function readIntoStaging(ctx: SystemContext, running: RunningImport) {
  const { row, detection, target } = running;
  const summary = emptySummary();
  const encoder = rowEncoderOf(detection, target);
  const file = await openUpload({ ...ctx, ownerId: row.ownerId }, row.uploadId);
  let reportedAt = Date.now();
  const onProgress = async (progress: StageProgress) => {
    if (Date.now() - reportedAt < PROGRESS_EVERY_MS) return;
    reportedAt = Date.now();
    await throwIfCancelled(ctx, row.jobId);
    await advanceJob(ctx.db.sql, row.jobId, {
      event: "progress",
      phase: { name: "reading", total: estimateRows(detection, file.size, progress) },
      processed: progress.rows,
      failed: progress.invalid,
      range: STAGE_RANGE,
    });
  };
  const scratch = new ScratchFile(path.join(env().dataDir, "scratch"));
  try {
    const batches = readFile(file, detection, readLimits(), scratch);
    await stageLines(
      ctx.db.sql,
      row.id,
      running.criteria,
      stageLinesOf(batches, encoder, summary, onProgress),
    );
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new PermanentImportError({ code: error.code, message: error.message, where: error.where });
  } finally {
    scratch.close();
  }
  return summary;
}

function refuseWhatCannotGoOn({ options }: RunningImport, summary: StagedSummary): void {
  if (summary.rows === 0) {
    throw new PermanentImportError({
      code: "no-rows",
      message: "The file has no rows to import: a header perhaps, but nothing below it.",
    });
  }
  const strict = options.validation.strict || !options.validation.skipInvalid;
  if (strict && (summary.invalid > 0 || summary.problem)) {
    throw new PermanentImportError({
      code: "validation-failed",
      message: summary.problem
        ? `The file cannot be read to its end: ${summary.problem.message} Nothing was imported.`
        : `${summary.invalid} of ${summary.rows} rows are not valid. Nothing was imported, since strict validation was asked for.`,
    });
  }
}
