import { releaseAll } from "@/db/bulk/restore-writer";
import { dropStaged } from "@/db/bulk/staging";
import { finishParts, type JournalSums, sumJournals } from "@/db/queries/restore-end";
import { workedMs } from "@/db/queries/job-events";
import { advanceJob } from "@/db/queries/jobs";
import type { ImportRow } from "@/db/queries/imports";
import { addAuditEntry, findParts, findRestore, type RestoreRow } from "@/db/queries/restores";
import type { RestoreResult } from "@/db/schema";
import type { ImportResult, PlanCounts } from "@/lib/contracts/imports";
import { env } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { hasWork, removedBy } from "./claim-parts";
import { applyCategories, type MovedCategories } from "./move-categories";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Closes a restore whose collections are all in: takes the chosen categories back, counts what the journals say, lets the
 * collections go, ends the job.
 */
export async function finishRestore(ctx: SystemContext, restoreId: string): Promise<void> {
  const row = await findRestore(ctx.db, restoreId);
  if (row?.state !== "restoring") return;
  const parts = await findParts(ctx.db, restoreId);
  const durationMs = await workedMs(ctx.db.sql, row.jobId);
  const finishedAt = ctx.now();
  const expiresAt = new Date(finishedAt.getTime() + env().UNDO_DAYS * DAY_MS);
  const result = await ctx.db.sql.begin(async (tx) => {
    const sums = new Map((await sumJournals(tx, restoreId)).map((one) => [one.importId, one]));
    const finished = parts.map((part) => {
      const summed = resultOf(part, sums.get(part.id)!, durationMs);
      const state = summed.summary.failed > 0 ? ("completed_with_errors" as const) : ("completed" as const);
      return { importId: part.id, state, result: summed };
    });
    await finishParts(tx, finished, { finishedAt, expiresAt });
    const total = {
      ...totalOf(row, parts, [...sums.values()], durationMs),
      ...(await applyCategories(ctx, tx, row)),
    };
    const state = total.invalid > 0 ? "completed_with_errors" : "completed";
    await tx`update restores set state = ${state}, result = ${tx.json({ ...total })}, finished_at = ${finishedAt},
               expires_at = ${expiresAt} where id = ${restoreId}`;
    await releaseAll(tx, restoreId);
    const succeeded = total.added + total.changed + total.deleted + total.unchanged + total.skipped;
    await advanceJob(tx, row.jobId, { event: "completed", state, succeeded, failed: total.invalid });
    return total;
  });
  await addAuditEntry(ctx.db, {
    id: newId(),
    ownerId: row.ownerId,
    action: "restore.completed",
    subjectId: row.id,
    detail: {
      backupId: row.backupId,
      uploadIds: row.uploadIds,
      scope: row.scope,
      strategy: row.strategy,
      categories: row.categories,
      result,
    },
  });
  // Nothing of these can be undone: what was read of them is of no more use.
  for (const part of parts.filter((one) => !hasWork(one))) {
    await dropStaged(ctx.db.sql, part.id);
    await ctx.db.sql`update imports set staged = null where id = ${part.id}`;
  }
}

function resultOf(part: ImportRow, sums: JournalSums, durationMs: number): ImportResult {
  const { rows, invalid } = part.staged as { rows: number; invalid: number };
  const { inserted: imported, updated, deleted } = sums;
  const skipped = rows - invalid - imported - updated;
  return {
    summary: {
      totalRecords: rows,
      imported,
      updated,
      deleted,
      skipped,
      unchanged: Math.max(0, skipped - sums.skipped),
      failed: invalid,
    },
    journalId: imported + updated + deleted > 0 ? part.id : null,
    durationMs,
    warnings: [],
    recommendations: [],
  };
}

function totalOf(
  row: RestoreRow,
  parts: readonly ImportRow[],
  sums: readonly JournalSums[],
  durationMs: number,
): Omit<RestoreResult, keyof MovedCategories> {
  const sum = <T>(all: readonly T[], pick: (one: T) => number) => all.reduce((n, one) => n + pick(one), 0);
  const planned = (pick: (plan: PlanCounts) => number) => sum(parts, (part) => pick(part.plan as PlanCounts));
  const isWhole = row.scope.recordIds === null && row.scope.search === null;
  const same = row.plan!.collections.filter((one) => one.importId === null);
  const changed = sum(sums, (one) => one.updated);
  const deleted = sum(sums, (one) => one.deleted);
  return {
    added: sum(sums, (one) => one.inserted),
    changed,
    deleted,
    unchanged:
      planned((plan) => plan.unchanged + plan.skipped) + (isWhole ? sum(same, (one) => one.records) : 0),
    skipped: planned((plan) => plan.toUpdate) - changed + sum(parts, removedBy) - deleted,
    invalid: planned((plan) => plan.invalid),
    collectionsMade: parts.filter((part) => part.restored?.made).length,
    durationMs,
  };
}
