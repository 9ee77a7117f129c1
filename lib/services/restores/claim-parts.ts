import { isDeepStrictEqual } from "node:util";
import { type Claim, claimAll, endChains, makeAgain, setFields } from "@/db/bulk/restore-writer";
import type { SqlTransaction } from "@/db/client";
import { findImportCollection, type ImportRow } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import { findParts, findRestore, type RestoreRow } from "@/db/queries/restores";
import type { ImportOptions, PlanCounts } from "@/lib/contracts/imports";
import type { SystemContext } from "@/lib/services/context";
import { throwIfCancelled } from "@/lib/services/imports/running";
import { planStale } from "./errors";

type Outcome = { outcome: "claimed" } | { outcome: "busy"; collectionId: string };

/** Takes the transaction back without being an error. */
class NotClaimed extends Error {
  constructor(readonly collectionId: string) {
    super("a collection is being written to");
  }
}

/**
 * Makes the restore the one writer of all its collections, in one transaction, provided that none has changed since the
 * plan; those that are no more are made again, and missing fields come back. `busy`: another import is writing.
 * @throws PermanentImportError `plan-stale`
 */
export async function claimParts(ctx: SystemContext, restoreId: string): Promise<Outcome> {
  const row = await findRestore(ctx.db, restoreId);
  if (row?.state !== "saving" && row?.state !== "restoring") throw planStale();
  await throwIfCancelled(ctx, row.jobId);
  const parts = await findParts(ctx.db, restoreId);
  try {
    await ctx.db.sql.begin((tx) => claim(tx, ctx, row, parts));
    return { outcome: "claimed" };
  } catch (error) {
    if (!(error instanceof NotClaimed)) throw error;
    return { outcome: "busy", collectionId: error.collectionId };
  }
}

async function claim(
  tx: SqlTransaction,
  ctx: SystemContext,
  row: RestoreRow,
  parts: readonly ImportRow[],
): Promise<void> {
  if (row.state === "restoring") return;
  const claimed = await claimAll(tx, row.ownerId, claimsOf(row, parts));
  if (claimed.outcome === "busy") throw new NotClaimed(claimed.collectionId);
  if (claimed.outcome === "stale") throw planStale();
  for (const part of parts) await prepare(tx, ctx, part);
  if (parts.some((part) => part.restored?.made)) await endChains(tx, row.ownerId);
  await tx`update imports set state = 'applying' where restore_id = ${row.id} and state <> 'applying'`;
  await tx`update restores set state = 'restoring' where id = ${row.id}`;
  await advanceJob(tx, row.jobId, {
    event: "progress",
    state: "processing",
    phase: { name: "restoring", total: parts.filter(hasWork).reduce((n, part) => n + linesOf(part), 0) },
    processed: 0,
    failed: 0,
    range: [50, 100],
  });
}

/** Of collections that are the same too: one that has changed since would be left out silently. */
function claimsOf(row: RestoreRow, parts: readonly ImportRow[]): Claim[] {
  const byId = new Map(parts.map((part) => [part.id, part]));
  return row.plan!.collections.map((one): Claim => {
    const part = one.importId === null ? undefined : byId.get(one.importId);
    const planned = part ? part.planRevision : one.revision;
    return {
      importId: part?.id ?? row.id,
      writes: part !== undefined,
      collectionId: one.collectionId,
      revision: one.status === "missing" ? null : planned,
    };
  });
}

/** Makes the collection or the fields that the part brings along, and notes what an undo takes away with it. */
async function prepare(tx: SqlTransaction, ctx: SystemContext, part: ImportRow): Promise<void> {
  const { made, fields, collectionId, name } = part.restored!;
  if (made) {
    const { template, keyFields, matching, createdAt } = made;
    const collection = {
      id: collectionId,
      ownerId: part.ownerId,
      name,
      template,
      fields,
      keyFields,
      matching,
    };
    if (!(await makeAgain(tx, { ...collection, createdAt, writerId: part.id }))) throw planStale();
    const created = { collection: true, fields: fields.map((field) => field.name) };
    await tx`update imports set collection_id = ${collectionId}, created = ${tx.json(created)} where id = ${part.id}`;
    return;
  }
  const today = await findImportCollection(ctx.db, collectionId, part.ownerId);
  if (!today) throw planStale();
  if (isDeepStrictEqual(today.fields, fields)) return;
  const there = new Set(today.fields.map((field) => field.name));
  const added = fields.map((field) => field.name).filter((one) => !there.has(one));
  await setFields(tx, collectionId, fields);
  const created = { collection: false, fields: added, fieldsBefore: today.fields };
  await tx`update imports set created = ${tx.json(created as never)} where id = ${part.id}`;
}

/** Whether anything of the collection changes. */
export function hasWork(part: ImportRow): boolean {
  const { new: added, toUpdate, toDelete } = part.plan as PlanCounts;
  return added + toUpdate + toDelete > 0;
}

/** Lines that applying it goes through. */
function linesOf(part: ImportRow): number {
  return (part.staged as { rows: number }).rows + removedBy(part);
}

export function removedBy(part: ImportRow): number {
  const { onConflict } = part.options as ImportOptions;
  return onConflict === "overwrite" ? (part.restored?.gone ?? 0) : 0;
}
