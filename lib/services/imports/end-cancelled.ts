import { releaseWriter } from "@/db/bulk/writer";
import { cancelLeaves } from "@/db/queries/job-control";
import { workedMs } from "@/db/queries/job-events";
import { findJob } from "@/db/queries/job-lists";
import { advanceJob, type JobView } from "@/db/queries/jobs";
import { findImport, journalChunks, type ImportRow } from "@/db/queries/imports";
import type { ImportResult } from "@/lib/contracts/imports";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";
import { rollBackImport } from "./rollback";
import type { StagedSummary } from "./stage-lines";

const DAY_MS = 24 * 3600 * 1000;
const NUMBER = new Intl.NumberFormat("en");

/** Ends an import that was cancelled, as the person chose: everything back, or what is in stays. */
export async function endCancelled(ctx: SystemContext, importId: string, message?: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (!row) return;
  const keeps = row.state === "applying" && (await cancelLeaves(ctx.db.sql, row.jobId)) === "applied";
  if (keeps && (await keepApplied(ctx, row))) return;
  await rollBackImport(ctx, importId, { kind: "cancelled", message });
}

/**
 * Closes a cancelled import with the chunks that are in: its result says how far it came, and it can be undone like a
 * finished one. False when none is in; then there is nothing to keep.
 */
async function keepApplied(ctx: SystemContext, row: ImportRow): Promise<boolean> {
  const chunks = await journalChunks(ctx.db.sql, row.id);
  const job = (await findJob(ctx.db.sql, row.jobId, row.ownerId))?.job;
  if (chunks.length === 0 || !job) return false;
  const result = resultSoFar(row, chunks, job, await workedMs(ctx.db.sql, row.jobId));
  await ctx.db.sql.begin(async (tx) => {
    await tx`update imports set state = 'cancelled', result = ${tx.json(result as never)}, finished_at = ${ctx.now()},
               expires_at = ${new Date(ctx.now().getTime() + env().UNDO_DAYS * DAY_MS)}
             where id = ${row.id} and state = 'applying'`;
    if (row.collectionId) await releaseWriter(tx, row.collectionId, row.id);
    await advanceJob(tx, row.jobId, { event: "cancelled", state: "cancelled" });
  });
  return true;
}

type Chunks = Awaited<ReturnType<typeof journalChunks>>;

/** Counted by the chunks' own transactions: in the journal, and in the job's counts. */
function resultSoFar(row: ImportRow, chunks: Chunks, job: JobView, durationMs: number): ImportResult {
  const sum = (pick: (c: Chunks[number]) => number) => chunks.reduce((n, c) => n + pick(c), 0);
  const staged = row.staged as StagedSummary;
  const imported = sum((c) => c.inserted);
  const updated = sum((c) => c.updated);
  const deleted = sum((c) => c.deleted);
  const reached = job.counts.processed - deleted;
  const skipped = reached - job.counts.failed - imported - updated;
  const notReached = staged.rows - reached;
  return {
    summary: {
      totalRecords: staged.rows,
      imported,
      updated,
      deleted,
      skipped,
      unchanged: skipped - sum((c) => c.skipped),
      failed: job.counts.failed,
      notReached,
    },
    journalId: imported + updated + deleted > 0 ? row.id : null,
    durationMs,
    warnings: [
      `The import was cancelled after ${NUMBER.format(reached)} of ${NUMBER.format(staged.rows)} rows. What was in by then was kept, as you chose; ${NUMBER.format(notReached)} rows were not imported.`,
    ],
    recommendations: ["Run the import again to bring in the rest: rows that are in already are recognised."],
  };
}
