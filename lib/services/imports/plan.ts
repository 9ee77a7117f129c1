import { type ActionCounts, countActions, matchStaged } from "@/db/bulk/import-plan";
import type { SqlTransaction } from "@/db/client";
import { advanceJob } from "@/db/queries/jobs";
import { patchImport } from "@/db/queries/imports";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";

/** -1 stands for the revision of a collection that does not exist yet. */
const NOT_YET = -1;

export interface PlanOutcome {
  needsReview: boolean;
}

/**
 * Matches the staged rows against the collection as it is now and counts what would be done. The plan is bound to the
 * collection's revision: if records change afterwards, it is made anew before anything is applied.
 */
export async function planImport(ctx: SystemContext, importId: string): Promise<PlanOutcome> {
  const running = await loadRunning(ctx, importId);
  const { row, options } = running;
  await throwIfCancelled(ctx, row.jobId);
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "progress",
    phase: { name: "matching", total: null },
    range: [45, 50],
  });
  const { counts, revision } = await ctx.db.sql.begin("isolation level repeatable read", async (tx) => {
    const revision = await currentRevision(tx, running);
    await matchStaged(tx, {
      importId,
      collectionId: running.collection?.id,
      // Fuzzy matching has its own review page; until then a fuzzy import is matched strictly, and says so.
      mode: options.matching.mode === "off" ? "off" : "strict",
      criteria: running.criteria,
      criteriaAreOwnKey: running.criteriaAreOwnKey,
      unmappedFields: unmappedFields(running),
    });
    return { revision, counts: await countActions(tx, importId, running.rules) };
  });
  await patchImport(ctx.db, importId, { plan: planCounts(counts), planRevision: revision });
  const approved = row.approvedRevision === revision;
  return { needsReview: counts.ask > 0 || (options.stopBeforeApply && !approved) };
}

async function currentRevision(tx: SqlTransaction, { collection }: RunningImport): Promise<number> {
  if (!collection) return NOT_YET;
  const [row] = await tx<
    { revision: number }[]
  >`select revision from collections where id = ${collection.id}`;
  if (!row)
    throw new PermanentImportError({ code: "collection-gone", message: "The collection was deleted." });
  return row.revision;
}

function unmappedFields({ target }: RunningImport): string[] {
  return target.fields.filter((_, i) => (target.columnIndexes[i] ?? -1) < 0).map((f) => f.name);
}

function planCounts(counts: ActionCounts): PlanCounts {
  return {
    total: counts.total,
    new: counts.insert,
    unchanged: counts.unchanged,
    toUpdate: counts.update,
    toDelete: 0,
    conflicts: counts.ask,
    clashes: counts.ask,
    skipped: counts.skip,
    invalid: counts.invalid,
    duplicatesInFile: counts.duplicatesInFile,
  };
}

/** Counts again under the present rules and decisions, without matching again. */
export async function recountPlan(ctx: SystemContext, running: RunningImport): Promise<PlanCounts> {
  const counts = planCounts(await countActions(ctx.db.sql, running.row.id, running.rules));
  await patchImport(ctx.db, running.row.id, { plan: counts });
  return counts;
}

/** Opens the review: from here the import waits for a person. */
export async function openReview(ctx: SystemContext, importId: string): Promise<void> {
  const row = await patchImport(ctx.db, importId, { state: "awaiting_review" }, ["staging", "pending"]);
  if (!row) return;
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "awaiting_review",
    state: "awaiting_review",
    phase: { name: "review", total: null },
    range: [50, 50],
  });
}
