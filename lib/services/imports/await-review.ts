import { findImport } from "@/db/queries/imports";
import { stopRequest } from "@/db/queries/job-control";
import { advanceJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";

const DAY_MS = 24 * 3600 * 1000;

/** Staged rows wait this long for a decision (S5.5), the last day of it with a notice. */
export const REVIEW_DAYS = 7;
export const NOTICE_DAYS = 1;

/**
 * Opens the review: from here the import waits for a person, and says until when. In one transaction with the job: a
 * worker that hung in between would otherwise bring the job back to its review after somebody had decided.
 */
export async function openReview(ctx: SystemContext, importId: string): Promise<void> {
  const expiresAt = new Date(ctx.now().getTime() + REVIEW_DAYS * DAY_MS);
  await ctx.db.sql.begin(async (tx) => {
    const [row] = await tx<{ jobId: string }[]>`
      update imports set state = 'awaiting_review', expires_at = ${expiresAt}
      where id = ${importId} and state in ('staging', 'pending') returning job_id as "jobId"`;
    if (!row) return;
    await advanceJob(tx, row.jobId, {
      event: "awaiting_review",
      state: "awaiting_review",
      phase: { name: "review", total: null },
      range: [50, 50],
    });
  });
}

/**
 * Tells, a day before, that an import still waits and will soon be cancelled. Its function waits anew by now: a decision
 * that came between its two waits, heard by neither, is sent again.
 */
export async function warnOfExpiry(ctx: SystemContext, importId: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (!row) return;
  if (row.state !== "awaiting_review") {
    const decision = (await stopRequest(ctx.db.sql, row.jobId)) === "cancel" ? "cancel" : "go";
    await ctx.sendEvents([{ name: "import/decided", data: { importId, decision } }]);
    return;
  }
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "awaiting_review",
    state: "awaiting_review",
    notice:
      "This import has been waiting for your decision for six days. In one day it will be cancelled, and the rows that were read are removed.",
  });
}
