import { stopRequest } from "@/db/queries/job-control";
import { advanceJob } from "@/db/queries/jobs";
import { findRestore } from "@/db/queries/restores";
import type { SystemContext } from "@/lib/services/context";
import { decidedEvent } from "./events";

const DAY_MS = 24 * 3600 * 1000;

/** A plan waits this long (as a review of an import does), the last day of it with a notice. */
export const WAIT_DAYS = 7;
export const NOTICE_DAYS = 1;

/**
 * The plan is ready: from here the restore waits for a person, and says until when; or it waits again, since the safety
 * snapshot could not be made. Run twice, it takes no decision back that came in between.
 */
export async function openPlan(ctx: SystemContext, restoreId: string): Promise<void> {
  const expiresAt = new Date(ctx.now().getTime() + WAIT_DAYS * DAY_MS);
  await ctx.db.sql.begin(async (tx) => {
    const [row] = await tx<{ jobId: string; failure: { message: string } | null }[]>`
      update restores set state = 'ready', expires_at = coalesce(expires_at, ${expiresAt})
      where id = ${restoreId} and (state = 'reading' or state = 'saving' and safety ->> 'state' = 'failed')
      returning job_id as "jobId", failure`;
    if (!row) return;
    await tx`update imports set state = 'awaiting_review', expires_at = ${expiresAt}
             where restore_id = ${restoreId} and state in ('staging', 'awaiting_review')`;
    await advanceJob(tx, row.jobId, {
      event: "awaiting_review",
      state: "awaiting_review",
      phase: { name: "review", total: null },
      range: [45, 45],
      notice: row.failure?.message,
    });
  });
}

/** Tells, a day before, that a plan still waits and will soon be removed. See `warnOfExpiry` of imports. */
export async function warnOfPlanExpiry(ctx: SystemContext, restoreId: string): Promise<void> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row) return;
  if (row.state !== "ready") {
    const decision = (await stopRequest(ctx.db.sql, row.jobId)) === "cancel" ? "cancel" : "go";
    await ctx.sendEvents([decidedEvent(restoreId, decision)]);
    return;
  }
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "awaiting_review",
    state: "awaiting_review",
    notice:
      "This restore has been waiting for your decision for six days. In one day its preview is removed; your data stay as they are.",
  });
}
