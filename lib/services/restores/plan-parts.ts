import { tallyActions } from "@/db/bulk/import-count";
import { listMadeSince, matchRestored } from "@/db/bulk/restore-match";
import { sampleRestored } from "@/db/bulk/restore-samples";
import { ensureStatistics } from "@/db/bulk/statistics";
import type { SqlTransaction } from "@/db/client";
import { advanceJob } from "@/db/queries/jobs";
import { findParts, notePlanned } from "@/db/queries/restores";
import type { RestoredPart, StoredSample } from "@/db/schema";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { planCounts } from "@/lib/services/imports/plan";
import { removedSince } from "@/lib/services/imports/restored-target";
import { loadImport, type RunningImport, throwIfStopped } from "@/lib/services/imports/running";

/** A step ends after about this long, so that what it did is memoised and a hang is noticed. */
const STEP_MS = 20_000;
const SAMPLES_EACH = 5;
/** -1 stands for the revision of a collection that is no more. */
const NOT_THERE = -1;

/**
 * Plans the collections from…: each laid beside today's records, counted, with samples. One that is planned is passed over.
 * @throws ImportCancelledError, ImportPausedError between collections
 */
export async function planParts(
  ctx: SystemContext,
  restoreId: string,
  from: number,
): Promise<{ done: boolean; next: number }> {
  const parts = await findParts(ctx.db, restoreId);
  const startedAt = Date.now();
  let next = from;
  for (; next < parts.length && Date.now() - startedAt < STEP_MS; next++) {
    const part = parts[next]!;
    await throwIfStopped(ctx, part.jobId);
    if (part.plan === null) await planPart(ctx, await loadImport(ctx, part));
    if (next % 50 === 0) await tell(ctx, part.jobId, next, parts.length);
  }
  return { done: next >= parts.length, next };
}

async function tell(ctx: SystemContext, jobId: string, processed: number, total: number): Promise<void> {
  await advanceJob(ctx.db.sql, jobId, {
    event: "progress",
    phase: { name: "comparing", total },
    processed,
    range: [40, 45],
  });
}

async function planPart(ctx: SystemContext, running: RunningImport): Promise<void> {
  const { row, collection, rules, options } = running;
  if (collection) await ensureStatistics(ctx.db.sql, collection);
  await ctx.db.sql.begin("isolation level repeatable read", async (tx) => {
    const revision = await revisionOf(tx, collection?.id);
    const { restored: part } = row;
    await matchRestored(tx, {
      importId: row.id,
      collectionId: collection?.id,
      filled: part!.filled,
      unmappedFields: running.unmappedFields,
      isOwnHistory: part!.isOwnHistory,
    });
    const gone = part!.whole && collection ? await listMadeSince(tx, row.id, collection.id) : 0;
    const restored: RestoredPart = { ...part!, gone };
    const counted = { ...(await tallyActions(tx, row.id, rules)), delete: gone, duplicatesInFile: 0 };
    const counts = planCounts(counted, []);
    const plan: PlanCounts = { ...counts, toDelete: removedSince(restored, options) };
    const samples = await sampleRestored(tx, row.id, rules, { kinds: kindsIn(plan), each: SAMPLES_EACH });
    await notePlanned(tx, row.id, { plan, planRevision: revision, restored: { ...restored, samples } });
  });
}

function kindsIn(plan: PlanCounts): Set<StoredSample["kind"]> {
  const kinds = new Set<StoredSample["kind"]>();
  if (plan.new > 0) kinds.add("add");
  if (plan.toUpdate > 0) kinds.add("change");
  if (plan.toDelete > 0) kinds.add("delete");
  if (plan.conflicts > 0) kinds.add("conflict");
  return kinds;
}

async function revisionOf(tx: SqlTransaction, collectionId: string | undefined): Promise<number> {
  if (collectionId === undefined) return NOT_THERE;
  const [row] = await tx<{ revision: number }[]>`select revision from collections where id = ${collectionId}`;
  if (!row)
    throw new PermanentImportError({
      code: "collection-gone",
      message: "A collection was deleted meanwhile.",
    });
  return row.revision;
}
