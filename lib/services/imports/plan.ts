import { type ActionCounts, countActions, tallyDiffering } from "@/db/bulk/import-count";
import { diffPlanned, dropGone, listGone } from "@/db/bulk/import-diff";
import { addFuzzyPairs, closePlan, createPlan, matchStrictly } from "@/db/bulk/import-match";
import { type MatchInput, openConditions } from "@/db/bulk/match-input";
import type { Dangling } from "@/db/bulk/import-references";
import { stagingTable } from "@/db/bulk/staging";
import { ensureStatistics } from "@/db/bulk/statistics";
import type { SqlTransaction } from "@/db/client";
import { advanceJob } from "@/db/queries/jobs";
import { deliveriesOf } from "@/db/queries/import-sources";
import { patchImport } from "@/db/queries/imports";
import type { PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { matchFuzzily } from "./fuzzy";
import { removedSince } from "./restored-target";
import { danglingReferences, linkToRecords, linkToRows, referenceFields } from "./link-references";
import { matchRuleOf } from "./match-rule";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";
import type { StagedSummary } from "./stage-lines";

/** -1 stands for the revision of a collection that does not exist yet. */
const NOT_YET = -1;

export interface PlanOutcome {
  needsReview: boolean;
}

/**
 * Matches the staged rows against the collection as it is now, says how they differ, and counts what would be done. The
 * plan is bound to the collection's revision: if records change afterwards, it is made anew before anything is applied.
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
  if (running.collection) await ensureStatistics(ctx.db.sql, running.collection);
  const { counts, revision } = await ctx.db.sql.begin("isolation level repeatable read", async (tx) => {
    const revision = await currentRevision(tx, running);
    const dangling = await match(tx, running);
    return { revision, counts: planCounts(await countActions(tx, importId, running.rules), dangling) };
  });
  await patchImport(ctx.db, importId, { plan: counts, planRevision: revision });
  const approved = row.approvedRevision === revision;
  return { needsReview: counts.conflicts > 0 || (options.stopBeforeApply && !approved) };
}

/** Fills the plan's tables. Answers the references that point nowhere. */
async function match(tx: SqlTransaction, running: RunningImport): Promise<Dangling[]> {
  const { row, collection, options } = running;
  const references = await referenceFields(tx, running);
  const deliveries = await earlierDeliveries(tx, running);
  await linkToRecords(tx, running, references);
  await matchRows(tx, running, deliveries);
  if (await linkToRows(tx, running, references)) await matchRows(tx, running, deliveries);
  await diffPlanned(tx, {
    importId: row.id,
    collectionId: collection?.id,
    mappedFields: running.rules.mappedFields,
    deliveries: options.threeWay ? deliveries : [],
    scored: matchRuleOf(running).fields,
  });
  await dropGone(tx, row.id);
  if (collection && removesTheRest(running)) await listGone(tx, row.id, collection.id);
  return await danglingReferences(tx, running, references);
}

async function matchRows(tx: SqlTransaction, running: RunningImport, deliveries: string[]): Promise<void> {
  const { row, collection, options } = running;
  await createPlan(tx, row.id);
  if (collection && options.matching.mode !== "off") {
    const input = {
      importId: row.id,
      collectionId: collection.id,
      criteria: running.criteria,
      criteriaAreOwnKey: running.criteriaAreOwnKey,
      mappedFields: running.rules.mappedFields,
      unmappedFields: running.unmappedFields,
      deliveries,
      mayStateIds: (row.staged as StagedSummary).statesIds ?? true,
    };
    await matchStrictly(tx, input);
    if (options.matching.mode === "fuzzy") await matchFuzzilyToo(tx, running, input);
  }
  await closePlan(tx, row.id);
}

/** What equality has not found is looked for by likeness. */
async function matchFuzzilyToo(tx: SqlTransaction, running: RunningImport, input: MatchInput): Promise<void> {
  const rule = matchRuleOf(running);
  const { threshold } = running.options.matching;
  await matchFuzzily(tx, {
    stagedTable: stagingTable(input.importId),
    collectionId: input.collectionId,
    rule: threshold === undefined ? rule : { ...rule, threshold: Math.round(threshold * 1000) },
    unmappedFields: input.unmappedFields,
    ...(await openConditions(tx, input.importId)),
  });
  await addFuzzyPairs(tx, { ...input, pairsTable: "pg_temp.fuzzy_pairs" });
}

/**
 * Whether "replace" may remove what the file does not have. Not when some of the file could not be read: a record whose
 * row is invalid would be taken for one that is gone.
 */
function removesTheRest({ row, options }: RunningImport): boolean {
  const staged = row.staged as StagedSummary;
  return options.strategy === "replace" && staged.invalid === 0 && !staged.problem;
}

async function earlierDeliveries(tx: SqlTransaction, { row, collection }: RunningImport): Promise<string[]> {
  if (!collection) return [];
  return await deliveriesOf(tx, {
    importId: row.id,
    collectionId: collection.id,
    sourceKey: row.sourceKey,
  });
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

export function planCounts(counts: ActionCounts, dangling: readonly Dangling[]): PlanCounts {
  return {
    total: counts.total,
    new: counts.insert,
    unchanged: counts.unchanged,
    toUpdate: counts.update,
    toDelete: counts.delete,
    conflicts: counts.ask,
    clashes: counts.differing.clashes,
    skipped: counts.skip,
    invalid: counts.invalid,
    duplicatesInFile: counts.duplicatesInFile,
    danglingReferences: [...dangling],
    differing: counts.differing,
  };
}

/**
 * Counts again under the present rules and decisions, without matching again. Only rows that differ from their record
 * are looked at: whatever is decided, the others stay what they were.
 */
export async function recountPlan(ctx: SystemContext, running: RunningImport): Promise<PlanCounts> {
  const { row, rules, options } = running;
  const before = row.plan as PlanCounts;
  const was = before.differing;
  const is = await tallyDiffering(ctx.db.sql, row.id, rules);
  const counts: PlanCounts = {
    ...before,
    toDelete: row.restored ? removedSince(row.restored, options) : before.toDelete,
    new: before.new - was.insert + is.insert,
    unchanged: before.unchanged - was.unchanged + is.unchanged,
    toUpdate: is.update,
    skipped: before.skipped - was.skip + is.skip,
    conflicts: is.ask,
    clashes: is.clashes,
    differing: is,
  };
  await patchImport(ctx.db, row.id, { plan: counts });
  return counts;
}
