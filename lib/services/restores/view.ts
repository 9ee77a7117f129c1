import type { ImportRow } from "@/db/queries/imports";
import {
  findParts,
  findRestore,
  listRestores as selectRestores,
  sumCounts,
  type RestoreRow,
  type SummedCounts,
} from "@/db/queries/restores";
import type { PlannedCollection } from "@/db/schema";
import type { Page } from "@/lib/contracts/common";
import type { PlanCounts } from "@/lib/contracts/imports";
import type {
  ListRestores,
  RestorableCategory,
  RestoreCategory,
  RestoreCollection,
  RestoreSummary,
  RestoreView,
} from "@/lib/contracts/restores";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import type { UndoState } from "@/lib/services/imports/undo-state";
import { wasApplied } from "./states";

const NO_COUNTS: SummedCounts = {
  add: 0,
  change: 0,
  delete: 0,
  unchanged: 0,
  conflicts: 0,
  differing: 0,
  invalid: 0,
};

const NO_CATEGORIES = { preferences: 0, notifications: 0 };

/** @throws NotFoundError for somebody else's as well */
export async function requireRestore(ctx: ServiceContext, id: string): Promise<RestoreRow> {
  const row = await findRestore(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("restore");
  return row;
}

export async function getRestore(ctx: ServiceContext, id: string): Promise<RestoreView> {
  return await restoreView(ctx, await requireRestore(ctx, id));
}

/** The user's restores and their plans, newest first. */
export async function listRestores(ctx: ServiceContext, query: ListRestores): Promise<Page<RestoreSummary>> {
  const { limit, cursor: before, backupId } = query;
  if (before !== undefined && !isUuid(before)) {
    throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
  }
  const rows = await selectRestores(ctx.db, ctx.ownerId, { limit: limit + 1, before, backupId });
  const shown = rows.slice(0, limit);
  const sums = await sumCounts(
    ctx.db.sql,
    shown.map(({ id }) => id),
  );
  const items = shown.map((row) => summaryView(ctx, row, sums.get(row.id) ?? NO_COUNTS));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function restoreView(ctx: ServiceContext, row: RestoreRow): Promise<RestoreView> {
  const parts = new Map((await findParts(ctx.db, row.id)).map((part) => [part.id, part]));
  const planned = parts.size > 0 || row.plan ? (row.plan?.collections ?? []) : [];
  const isPlanned =
    row.plan?.checkedAt !== undefined && [...parts.values()].every((part) => part.plan !== null);
  const perCollection = isPlanned
    ? planned.map((one) =>
        collectionView(row, one, one.importId === null ? undefined : parts.get(one.importId)),
      )
    : [];
  const sum = (pick: (one: RestoreCollection) => number) =>
    perCollection.reduce((n, one) => n + pick(one), 0);
  const counts = {
    add: sum((one) => one.add),
    change: sum((one) => one.change),
    delete: sum((one) => one.delete),
    unchanged: sum((one) => one.unchanged),
    conflicts: sum((one) => one.conflicts),
    differing: sum((one) => one.differing),
    invalid: sum((one) => one.invalid),
  };
  const summary = summaryView(ctx, row, counts);
  return {
    ...summary,
    counts: isPlanned ? summary.counts : null,
    perCollection,
    categories: row.plan?.checkedAt ? categoriesOf(row) : null,
    validation: validationOf(row, counts.invalid),
    warnings: row.plan?.warnings ?? [],
    safetySnapshot: row.safety,
    undo: undoOf(row, [...parts.values()]),
  };
}

function summaryView(ctx: SystemContext, row: RestoreRow, counts: SummedCounts): RestoreSummary {
  const undoable = wasApplied(row.state) && row.expiresAt !== null && row.expiresAt > ctx.now();
  return {
    id: row.id,
    planId: row.id,
    jobId: row.jobId,
    state: row.state,
    source: {
      kind: row.backupId === null ? "upload" : "backup",
      backupId: row.backupId,
      uploadIds: row.uploadIds,
      fileName: row.fileName,
      snapshotAt: row.plan?.snapshotAt ?? null,
    },
    scope: row.scope,
    globalStrategy: row.strategy,
    counts: row.plan?.checkedAt ? { ...counts, collections: row.plan.collections.length } : null,
    // Restores of before there were categories have no counts of them.
    result: row.result && { ...NO_CATEGORIES, ...row.result },
    failure: row.failure,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: row.state === "ready" ? (row.expiresAt?.toISOString() ?? null) : null,
    undoableUntil: undoable ? row.expiresAt!.toISOString() : null,
  };
}

function collectionView(
  row: RestoreRow,
  planned: PlannedCollection,
  part: ImportRow | undefined,
): RestoreCollection {
  const { backupCollectionId, collectionId, name, status, importId, fieldsAdded, records } = planned;
  const plan = part?.plan as PlanCounts | null | undefined;
  const isWhole = row.scope.recordIds === null && row.scope.search === null;
  return {
    backupCollectionId,
    collectionId,
    name,
    status,
    importId,
    fieldsAdded,
    add: plan?.new ?? 0,
    change: plan?.toUpdate ?? 0,
    delete: plan?.toDelete ?? 0,
    unchanged: plan ? plan.unchanged + plan.skipped : isWhole ? records : 0,
    conflicts: plan?.conflicts ?? 0,
    differing: plan?.clashes ?? 0,
    invalid: plan?.invalid ?? 0,
    samples: part?.restored?.samples ?? [],
  };
}

function categoriesOf({ plan, categories: chosen }: RestoreRow): RestoreCategory[] {
  if (!plan?.categories) return [];
  const { preferences, notifications, analytics } = plan.categories;
  const isChosen = (category: RestorableCategory) => chosen?.includes(category) ?? false;
  const common = { restorable: true, differences: [] };
  return [
    { ...common, category: "preferences", chosen: isChosen("preferences"), ...preferences },
    {
      ...common,
      category: "notifications",
      chosen: isChosen("notifications"),
      inBackup: notifications.inBackup,
      today: notifications.today,
      differing: notifications.missing,
    },
    { ...common, category: "analytics", restorable: false, chosen: false, differing: 0, ...analytics },
  ];
}

/** The backup is read whole and compared before anything else; a restore that got past it has a sound one. */
function validationOf(row: RestoreRow, invalidRecords: number): RestoreView["validation"] {
  const { plan, failure } = row;
  if (plan?.checkedAt) {
    const records = plan.collections.reduce((n, one) => n + one.records, 0);
    return { outcome: "sound", checkedAt: plan.checkedAt, files: plan.files.length, records, invalidRecords };
  }
  if (row.state !== "failed" || !failure || row.finishedAt === null) return null;
  const checkedAt = row.finishedAt.toISOString();
  return {
    outcome: "unsound",
    ...failure,
    checkedAt,
    files: plan?.files.length ?? 0,
    records: 0,
    invalidRecords: 0,
  };
}

function undoOf(row: RestoreRow, parts: readonly ImportRow[]): RestoreView["undo"] {
  if (!row.undo) return null;
  const { kind, jobId } = row.undo;
  const states = parts.flatMap((part) => {
    const undo = part.undo as UndoState | null;
    return undo?.jobId === jobId ? [undo] : [];
  });
  const sum = (pick: (undo: UndoState) => number) => states.reduce((n, one) => n + pick(one), 0);
  return {
    kind,
    jobId,
    removed: sum((one) => one.removed),
    restored: sum((one) => one.restored),
    reinserted: sum((one) => one.reinserted),
    kept: sum((one) => one.kept),
    gone: sum((one) => one.gone),
    ...(row.undo.moved ?? NO_CATEGORIES),
  };
}
