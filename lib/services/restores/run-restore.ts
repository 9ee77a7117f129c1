import { revisionsOf } from "@/db/bulk/restore-compare";
import { requestCancel } from "@/db/queries/job-control";
import { advanceJob } from "@/db/queries/jobs";
import { type ImportRow, patchImport } from "@/db/queries/imports";
import { addAuditEntry, findParts, patchRestore, type RestoreRow } from "@/db/queries/restores";
import type { ImportOptions, PlanCounts } from "@/lib/contracts/imports";
import type { RestorableCategory, RestoreStrategy, RunRestore } from "@/lib/contracts/restores";
import { AppError, ConflictError, ValidationError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { recountPlan } from "@/lib/services/imports/plan";
import { takeDecisions } from "@/lib/services/imports/resolve";
import { loadImport } from "@/lib/services/imports/running";
import { decidedEvent } from "./events";
import { planStale } from "./errors";
import { rollBackRestore } from "./roll-back";
import { SAVING_RANGE } from "./safety";
import { WITHOUT_CATEGORIES } from "./stage-categories";
import { wasApplied } from "./states";

/**
 * Carries a plan out, as a job: first a safety snapshot, then everything or nothing.
 * @throws ConflictError `plan-stale`, `conflicts-open`, `not-ready`; AppError 410 `plan-expired`
 */
export async function runRestore(ctx: ServiceContext, row: RestoreRow, body: RunRestore): Promise<void> {
  refuseUnlessReady(ctx, row);
  await refuseStale(ctx, row);
  const categories = chosenCategories(row, body);
  const parts = await findParts(ctx.db, row.id);
  const strategy = body.globalStrategy ?? row.strategy;
  if (strategy !== row.strategy) await changeStrategy(ctx, row, parts, strategy);
  await decide(ctx, parts, body);
  await refuseOpenConflicts(ctx, row);
  const { safetySnapshot: override } = body;
  await ctx.db.sql.begin(async (tx) => {
    const taken = await tx`
      update restores set state = 'saving', categories = ${categories}, failure = null, started_at = coalesce(started_at, ${ctx.now()}),
        safety = ${tx.json(override ? { state: "overridden", backupId: null, failure: row.safety.failure, reason: override.reason } : { state: "making", backupId: null, failure: null, reason: null })}
      where id = ${row.id} and state = 'ready'`;
    if (taken.count === 0)
      throw new ConflictError("already-started", "This restore has been started already.");
    await advanceJob(tx, row.jobId, {
      event: "progress",
      state: "processing",
      phase: { name: "saving", total: null },
      range: SAVING_RANGE,
    });
  });
  if (override) {
    ctx.log.warn({ restoreId: row.id }, "a restore goes on without a safety snapshot, as its owner said");
    await addAuditEntry(ctx.db, {
      id: newId(),
      ownerId: ctx.ownerId,
      action: "restore.safety-overridden",
      subjectId: row.id,
      detail: { reason: override.reason, failure: row.safety.failure },
    });
  }
  await ctx.sendEvents([decidedEvent(row.id, "go")]);
}

function refuseUnlessReady(ctx: ServiceContext, row: RestoreRow): void {
  const isOver = row.state === "ready" && row.expiresAt !== null && row.expiresAt <= ctx.now();
  if (row.state === "expired" || isOver) {
    throw new AppError(410, "plan-expired", "This preview is older than seven days. Make a new one.");
  }
  if (row.state === "ready") return;
  if (row.state === "pending" || row.state === "reading") {
    throw new ConflictError("not-ready", "The preview is still being made. Ask again when it is ready.");
  }
  if (row.state === "cancelled" && row.failure?.code === "plan-stale") {
    throw new ConflictError("plan-stale", row.failure.message);
  }
  if (row.state === "failed" || row.state === "rolled_back" || row.state === "cancelled") {
    const why = row.failure?.message ?? "This preview was discarded.";
    throw new ConflictError("plan-over", `${why} Make a new preview.`);
  }
  throw new ConflictError(
    wasApplied(row.state) ? "already-restored" : "already-started",
    "This restore has been started already. To restore the backup once more, make a new preview.",
  );
}

/** @throws ValidationError when the backup has none of what is asked for */
function chosenCategories(row: RestoreRow, body: RunRestore): RestorableCategory[] {
  const asked = body.categories ?? row.categories ?? [];
  if (row.plan!.categories || asked.length === 0) return [...new Set(asked)];
  throw new ValidationError(WITHOUT_CATEGORIES, [{ path: "categories", message: WITHOUT_CATEGORIES }]);
}

/** A plan that no longer tells what would happen is of no use to anybody: it goes. */
async function refuseStale(ctx: ServiceContext, row: RestoreRow): Promise<void> {
  if (!(await isStale(ctx, row))) return;
  const { failure } = planStale();
  await requestCancel(ctx.db.sql, row.jobId);
  // Noted and told first: nobody would tell the function again that a plan is over, and it may be the one to end it.
  await patchRestore(ctx.db, row.id, { failure }, ["ready"]);
  await ctx.sendEvents([decidedEvent(row.id, "cancel")]);
  await rollBackRestore(ctx, row.id, { kind: "cancelled" });
  throw new ConflictError(failure.code, failure.message);
}

async function isStale(ctx: ServiceContext, row: RestoreRow): Promise<boolean> {
  const { collections } = row.plan!;
  const parts = new Map((await findParts(ctx.db, row.id)).map((part) => [part.id, part]));
  const now = await revisionsOf(
    ctx.db.sql,
    row.ownerId,
    collections.map((one) => one.collectionId),
  );
  return collections.some((one) => {
    const planned = one.importId === null ? one.revision : (parts.get(one.importId)?.planRevision ?? null);
    const revision = now.get(one.collectionId);
    return one.status === "missing" ? revision !== undefined : revision !== planned;
  });
}

/** Only rows that differ can come out otherwise: the others are not looked at again. */
async function changeStrategy(
  ctx: ServiceContext,
  row: RestoreRow,
  parts: readonly ImportRow[],
  strategy: RestoreStrategy,
): Promise<void> {
  const onConflict = strategy === "merge" ? ("ask" as const) : strategy;
  for (const part of parts) {
    const options: ImportOptions = { ...(part.options as ImportOptions), onConflict };
    await patchImport(ctx.db, part.id, { options });
    const plan = part.plan as PlanCounts;
    if (plan.clashes === 0 && (part.restored?.gone ?? 0) === 0) continue;
    await recountPlan(ctx, await loadImport(ctx, { ...part, options }));
  }
  await patchRestore(ctx.db, row.id, { strategy });
}

async function decide(ctx: ServiceContext, parts: readonly ImportRow[], body: RunRestore): Promise<void> {
  const byPart = new Map<string, NonNullable<RunRestore["specificResolutions"]>>();
  for (const [index, given] of (body.specificResolutions ?? []).entries()) {
    const [named, conflictId] = given.conflictId.includes(":")
      ? (given.conflictId.split(":", 2) as [string, string])
      : [given.importId, given.conflictId];
    if (named === undefined || !parts.some(({ id }) => id === named)) {
      const message = "Name the import of this restore that has the conflict.";
      throw new ValidationError(message, [{ path: `specificResolutions.${index}.importId`, message }]);
    }
    byPart.set(named, [...(byPart.get(named) ?? []), { ...given, conflictId }]);
  }
  for (const [id, specificResolutions] of byPart) {
    const part = parts.find((one) => one.id === id)!;
    // As it is now: the strategy may have changed its options.
    const running = await loadImport(
      ctx,
      (await findParts(ctx.db, part.restoreId!)).find((one) => one.id === id)!,
    );
    await takeDecisions(ctx, running, { specificResolutions });
    await recountPlan(ctx, running);
  }
}

async function refuseOpenConflicts(ctx: ServiceContext, row: RestoreRow): Promise<void> {
  const open = (await findParts(ctx.db, row.id)).filter((part) => (part.plan as PlanCounts).conflicts > 0);
  if (open.length === 0) return;
  const total = open.reduce((n, part) => n + (part.plan as PlanCounts).conflicts, 0);
  const names = open.slice(0, 5).map((part) => `“${part.restored!.name}”`);
  throw new ConflictError(
    "conflicts-open",
    `${total} ${total === 1 ? "record differs" : "records differ"} from the backup and from what was there before (in ${names.join(", ")}). Decide about ${total === 1 ? "it" : "them"} first.`,
  );
}
