import { findImport, type ImportRow } from "@/db/queries/imports";
import { forgetFixes } from "@/db/queries/import-fixes";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { planImport, type PlanOutcome } from "./plan";
import type { StagedSummary } from "./stage-lines";

/**
 * Makes the plan, with the rows in it that a person has fixed since the last one. They have been approved together with
 * it: only a row that clashes with a record asks again, and a replacement that removes more than was seen, since it
 * removes nothing while a row is invalid.
 */
export async function planRound(ctx: SystemContext, importId: string): Promise<PlanOutcome> {
  const before = await findImport(ctx.db, importId);
  const fixes = fixesOf(before?.staged);
  const outcome = await planImport(ctx, importId);
  if (fixes === 0) return outcome;
  await forgetFixes(ctx.db.sql, importId, fixes);
  if (before?.approvedRevision === null) return outcome;
  const counts = countsOf(await findImport(ctx.db, importId));
  const removesMore = (counts?.toDelete ?? 0) > (countsOf(before)?.toDelete ?? 0);
  return { needsReview: (counts?.conflicts ?? 0) > 0 || removesMore };
}

/** Whether there is to be another plan: rows were fixed after this one was made, or it was asked for. */
export async function hasUnplannedFixes(
  ctx: SystemContext,
  importId: string,
): Promise<{ unplanned: boolean }> {
  const row = await findImport(ctx.db, importId);
  return { unplanned: fixesOf(row?.staged) > 0 || row?.plan === null };
}

function countsOf(row: ImportRow | undefined): PlanCounts | null | undefined {
  return row?.plan as PlanCounts | null | undefined;
}

function fixesOf(staged: unknown): number {
  return (staged as StagedSummary | null | undefined)?.unplannedFixes ?? 0;
}
