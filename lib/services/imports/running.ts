import type { StoredDetection } from "./detect";
import type { ImportOptions, MappingEntry } from "@/lib/contracts/imports";
import { findImport, findImportCollection, type CollectionRow, type ImportRow } from "@/db/queries/imports";
import { stopRequest } from "@/db/queries/job-control";
import type { SystemContext } from "@/lib/services/context";
import type { ActionRules } from "@/db/bulk/import-actions";
import { ImportCancelledError, ImportPausedError, PermanentImportError } from "./errors";
import type { RecordIds } from "@/db/bulk/row-id";
import { restoredTarget } from "./restored-target";
import { type NewCollection, resolveTarget, type Target } from "./target";

/** An import with everything its steps need, read anew at the start of each. */
export interface RunningImport {
  row: ImportRow;
  detection: StoredDetection;
  options: ImportOptions;
  /** The collection it writes to; undefined while it is still to be created. */
  collection: CollectionRow | undefined;
  target: Target;
  /** Fields whose equality makes a row and a record the same one. */
  criteria: string[];
  /** True when `criteria` are the collection's own key. */
  criteriaAreOwnKey: boolean;
  rules: ActionRules;
  /** Fields of the collection that the file does not fill. */
  unmappedFields: string[];
}

/** @throws PermanentImportError when the collection has been deleted meanwhile */
export async function loadRunning(ctx: SystemContext, importId: string): Promise<RunningImport> {
  const row = await findImport(ctx.db, importId);
  if (!row) throw new PermanentImportError({ code: "import-gone", message: "The import has been deleted." });
  return await loadImport(ctx, row);
}

/** The same for a row that has been read already. */
export async function loadImport(ctx: SystemContext, row: ImportRow): Promise<RunningImport> {
  const collection = row.collectionId
    ? await findImportCollection(ctx.db, row.collectionId, row.ownerId)
    : undefined;
  if (row.collectionId && !collection) {
    throw new PermanentImportError({
      code: "collection-gone",
      message: "The collection was deleted while the import was under way.",
    });
  }
  const detection = row.detection as StoredDetection;
  const options = row.options as ImportOptions;
  const into: CollectionRow | NewCollection = collection ?? row.newCollection ?? { name: row.fileName };
  const target = row.restored
    ? restoredTarget(row.restored, collection)
    : resolveTarget(detection, row.mapping as MappingEntry[], into, row.created?.fields);
  const criteria = options.matching.criteria ?? (row.created?.keyField ? [] : target.keyFields);
  const isMapped = (_: unknown, i: number) => (target.columnIndexes[i] ?? -1) >= 0;
  const names = target.fields.map((f) => f.name);
  return {
    row,
    detection,
    options,
    collection,
    target,
    criteria,
    criteriaAreOwnKey: criteria.join("\0") === target.keyFields.join("\0"),
    rules: {
      strategy: options.strategy,
      onConflict: options.onConflict,
      mappedFields: names.filter(isMapped),
      ...(row.restored && { isRestore: true }),
    },
    unmappedFields: names.filter((name, i) => !isMapped(name, i)),
  };
}

/**
 * The rules by which an import was applied that has been, whatever has become of the collection's fields since. Its undo,
 * its redo and the history of records reckon from them what it had done.
 */
export function rulesAsApplied(row: Pick<ImportRow, "options" | "givenFields" | "restored">): ActionRules {
  const { strategy, onConflict } = row.options as ImportOptions;
  if (!row.restored) return { strategy, onConflict, mappedFields: row.givenFields };
  const { fields, filled } = row.restored;
  const names = fields.map((field) => field.name).filter((name) => filled.includes(name));
  return { strategy, onConflict, mappedFields: names, isRestore: true };
}

/** Of a file each row becomes a new record; what a restore brings back keeps the id it had. */
export function recordIdsOf(row: Pick<ImportRow, "restored" | "idPrefix">): RecordIds {
  return row.restored ? { by: "stated" } : { by: "prefix", prefix: row.idPrefix };
}

/** @throws ImportCancelledError when the person asked for it */
export async function throwIfCancelled(ctx: SystemContext, jobId: string): Promise<void> {
  if ((await stopRequest(ctx.db.sql, jobId)) === "cancel") throw new ImportCancelledError();
}

/**
 * For work that can be left at any time and taken up again where it was: reading a file is not such work.
 * @throws ImportCancelledError, ImportPausedError when the person asked for it
 */
export async function throwIfStopped(ctx: SystemContext, jobId: string): Promise<void> {
  const stop = await stopRequest(ctx.db.sql, jobId);
  if (stop === "cancel") throw new ImportCancelledError();
  if (stop === "pause") throw new ImportPausedError();
}
