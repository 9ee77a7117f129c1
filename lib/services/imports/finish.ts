import { releaseWriter } from "@/db/bulk/writer";
import { workedMs } from "@/db/queries/job-events";
import { advanceJob } from "@/db/queries/jobs";
import { journalChunks } from "@/db/queries/imports";
import type { ImportResult, PlanCounts } from "@/lib/contracts/imports";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";
import { errorsWithPlaces } from "./file-rows";
import { loadRunning, type RunningImport } from "./running";
import { recommendations, warnings } from "./advice";
import type { StagedSummary } from "./stage-lines";

const DAY_MS = 24 * 3600 * 1000;

/** Closes an import whose chunks are all in: counts what the journal says, lets the collection go, ends the job. */
export async function finishImport(ctx: SystemContext, importId: string): Promise<void> {
  const running = await loadRunning(ctx, importId);
  const { row } = running;
  if (row.state !== "applying") return;
  const staged = row.staged as StagedSummary;
  const result = await resultOf(ctx, running, staged);
  const withErrors = result.summary.failed > 0 || staged.problem !== undefined;
  const state = withErrors ? "completed_with_errors" : "completed";
  await ctx.db.sql.begin(async (tx) => {
    await tx`update imports set state = ${state}, result = ${tx.json(result as never)}, finished_at = ${ctx.now()},
               expires_at = ${new Date(ctx.now().getTime() + env().UNDO_DAYS * DAY_MS)} where id = ${importId}`;
    if (row.collectionId) await releaseWriter(tx, row.collectionId, importId);
    await advanceJob(tx, row.jobId, {
      event: "completed",
      state,
      succeeded: staged.rows - staged.invalid,
      failed: staged.invalid,
      recentErrors: errorsWithPlaces(running.detection, staged),
    });
  });
}

async function resultOf(
  ctx: SystemContext,
  running: RunningImport,
  staged: StagedSummary,
): Promise<ImportResult> {
  const chunks = await journalChunks(ctx.db.sql, running.row.id);
  const sum = (pick: (c: (typeof chunks)[number]) => number) => chunks.reduce((n, c) => n + pick(c), 0);
  const imported = sum((c) => c.inserted);
  const updated = sum((c) => c.updated);
  const deleted = sum((c) => c.deleted);
  const skipped = staged.rows - staged.invalid - imported - updated;
  const plan = running.row.plan as PlanCounts;
  return {
    summary: {
      totalRecords: staged.rows,
      imported,
      updated,
      deleted,
      skipped,
      unchanged: skipped - sum((c) => c.skipped),
      failed: staged.invalid,
    },
    journalId: imported + updated + deleted > 0 ? running.row.id : null,
    durationMs: await workedMs(ctx.db.sql, running.row.jobId),
    warnings: warnings(running, staged, plan),
    recommendations: recommendations(running, staged),
  };
}
