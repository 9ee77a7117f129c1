import { compareCollections } from "@/db/bulk/restore-compare";
import { advanceJob } from "@/db/queries/jobs";
import { findRestore, insertParts, patchRestore, type RestoreRow } from "@/db/queries/restores";
import type { imports, RestoredPart } from "@/db/schema";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import type { BackupOutline } from "@/lib/core/backups/outline";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import type { StoredDetection } from "@/lib/services/imports/detect";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { throwIfCancelled } from "@/lib/services/imports/running";
import { refusal } from "./errors";
import { type CollectionToRestore, planCollections, storedFields } from "./plan-collections";
import { outlineChain, sourceFiles } from "./source-files";

/**
 * Opens the backup: reads through its files for what they say of themselves, compares every collection with today's, and
 * makes an import for each that differs. Does nothing when that has been done.
 * @throws PermanentImportError saying what is wrong with the backup
 */
export async function openRestore(ctx: SystemContext, restoreId: string): Promise<{ parts: number }> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row)
    throw new PermanentImportError({ code: "restore-gone", message: "The restore has been deleted." });
  await throwIfCancelled(ctx, row.jobId);
  if (row.plan) return { parts: row.plan.collections.filter((one) => one.importId !== null).length };
  await patchRestore(ctx.db, restoreId, { state: "reading" }, ["pending", "reading"]);
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "progress",
    state: "processing",
    phase: { name: "opening", total: null },
    range: [0, 5],
  });
  try {
    return await open(ctx, row);
  } catch (error) {
    throw refusal(error);
  }
}

async function open(ctx: SystemContext, row: RestoreRow): Promise<{ parts: number }> {
  const chain = await outlineChain(await sourceFiles(ctx, row));
  const newest = chain.at(-1)!.outline;
  const { manifest } = newest;
  const collections = await planCollections(ctx, row, newest);
  const isOwnHistory = manifest.ownerId === row.ownerId;
  const parts: (typeof imports.$inferInsert)[] = [];
  const planned = collections.map((one) => {
    const part = one.planned.status === "same" ? undefined : partOf(row, newest, one, isOwnHistory);
    if (part) parts.push(part);
    return { ...one.planned, importId: part?.id ?? null };
  });
  const plan = {
    snapshotAt: manifest.snapshotAt,
    ownerId: manifest.ownerId,
    files: chain.map(({ file, outline }) => ({ id: file.id, manifestSha256: outline.manifestSha256 })),
    collections: planned,
    warnings: await warningsOf(ctx, row, newest),
  };
  await insertParts(ctx.db, row.id, plan, parts);
  return { parts: parts.length };
}

/** One collection as an import whose rows come from the backup: its fields are its columns. */
function partOf(
  row: RestoreRow,
  { manifest }: BackupOutline,
  { planned, backup, filled, fields, made, today }: CollectionToRestore,
  isOwnHistory: boolean,
): typeof imports.$inferInsert {
  const columns = filled.map((field) => field.name);
  const detection: StoredDetection = {
    format: "ndjson",
    source: { format: "ndjson", encoding: "utf-8", headerRow: 0 },
    headerRows: 0,
    skippedRows: 0,
    syntheticHeader: false,
    columns,
    sampleRows: [],
    rowEstimate: planned.records,
    rowEstimateExact: true,
    exportedAt: manifest.snapshotAt,
    evidence: ["A collection of a Ferry backup."],
    inferred: { fields: filled, dateOrders: [] },
  };
  const restored: RestoredPart = {
    backupCollectionId: backup.id,
    collectionId: planned.collectionId,
    name: planned.name,
    made,
    fields: storedFields(fields),
    filled: columns,
    whole: row.scope.recordIds === null && row.scope.search === null,
    isOwnHistory: isOwnHistory && planned.collectionId === backup.id,
  };
  return {
    id: newId(),
    ownerId: row.ownerId,
    uploadId: row.backupId ?? row.uploadIds[0]!,
    fileName: row.fileName,
    jobId: row.jobId,
    collectionId: today ? planned.collectionId : null,
    newCollection: today ? null : { name: planned.name },
    state: "staging",
    detection,
    mapping: columns.map((column) => ({ column, field: column })),
    options: ImportOptionsShape.parse({
      strategy: "merge",
      onConflict: row.strategy === "merge" ? "ask" : row.strategy,
      threeWay: false,
      stopBeforeApply: true,
      matching: { criteria: made?.keyFields ?? today?.keyFields ?? [] },
    }),
    // Of its own: a restore is no delivery that a later one is merged with.
    sourceKey: `restore:${row.id}`,
    idPrefix: newIdPrefix(),
    restoreId: row.id,
    restored,
    startedAt: new Date(),
  };
}

async function warningsOf(
  ctx: SystemContext,
  row: RestoreRow,
  { collections, manifest }: BackupOutline,
): Promise<string[]> {
  if (row.scope.collections === "all") return [];
  const warnings: string[] = [];
  const chosen = new Set(row.scope.collections);
  const missing = new Set<string>();
  for (const one of collections.filter(({ id }) => chosen.has(id))) {
    for (const field of one.fields as { references?: string }[]) {
      if (field.references && !chosen.has(field.references)) missing.add(field.references);
    }
  }
  const expected = manifest.collections.filter(({ id }) => missing.has(id));
  const there = new Set((await compareCollections(ctx.db.sql, row.ownerId, expected)).map(({ id }) => id));
  for (const one of collections.filter(({ id }) => missing.has(id) && !there.has(id))) {
    warnings.push(
      `Records refer to “${one.name}”, which is no more and was not chosen: those references point nowhere.`,
    );
  }
  return warnings;
}
