import { isStaged } from "@/db/bulk/staging";
import {
  type CollectionRow,
  findImport,
  findImportCollection,
  type ImportRow,
  insertImport,
} from "@/db/queries/imports";
import { findUpload } from "@/db/queries/uploads";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ImportOptions, MappingEntry } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { refuseUnmapped, requestRun } from "./create";
import type { StoredDetection } from "./detect";
import { failedRowCounts } from "./rows";
import { refusePart } from "./part-of-restore";
import { hasEnded } from "./states";
import { resolveTarget } from "./target";
import { importView } from "./view";

/**
 * Runs an import that has ended once more, as a new one with the same mapping and options. With `failedRows`: just the
 * rows that failed, as they read now. Otherwise everything, of an import that failed, was taken back or cancelled: from
 * its staged rows while they are kept (fixes included), else from its file while that is.
 */
export async function retryImport(
  ctx: ServiceContext,
  id: string,
  input: { failedRows: boolean },
): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  refusePart(row);
  const staged = row.staged !== null && (await isStaged(ctx.db.sql, id));
  if (input.failedRows) refuseFailedRows(row, staged);
  else refuseAll(row);
  const upload = await findUpload(ctx.db, row.uploadId, ctx.ownerId);
  if (!staged && upload?.state !== "complete") {
    throw new ConflictError(
      "source-gone",
      "Neither the file nor the rows of this import are kept any more. Choose the file again.",
    );
  }
  const collection = await collectionOf(ctx, row);
  const mapping = mappingFor(row.mapping as MappingEntry[], collection);
  const options = optionsFor(row.options as ImportOptions, input.failedRows);
  refuseUnmapped(
    resolveTarget(
      row.detection as StoredDetection,
      mapping,
      collection ?? row.newCollection ?? { name: row.fileName },
    ),
    options,
  );
  const again = await insertAgain(ctx, row, {
    mapping,
    options,
    collectionId: collection?.id ?? null,
    retryOf: staged ? { importId: id, rows: input.failedRows ? "failed" : "all" } : null,
  });
  await requestRun(ctx, again.id, upload?.sizeBytes ?? 0);
  return await importView(ctx, again);
}

function refuseFailedRows(row: ImportRow, staged: boolean): void {
  if (!hasEnded(row.state)) throw atWork();
  if (row.result === null) {
    throw new ConflictError("nothing-imported", "Nothing of this import is in. Retry it as a whole.");
  }
  if (!staged) {
    throw new ConflictError("rows-removed", "The failed rows of this import are no longer kept.");
  }
  const { invalid, fixed } = failedRowCounts(row);
  if (invalid + fixed === 0) throw new ConflictError("no-failed-rows", "No row of this import failed.");
}

function refuseAll(row: ImportRow): void {
  if (!hasEnded(row.state)) throw atWork();
  if (row.state === "failed" || row.state === "rolled_back" || row.state === "cancelled") return;
  throw new ConflictError(
    "nothing-to-retry",
    row.state === "completed_with_errors"
      ? "This import has finished. Retry just its failed rows."
      : "This import has finished; there is nothing to retry.",
  );
}

function atWork(): ConflictError {
  return new ConflictError(
    "job-not-finished",
    "The import is still at work; only one that has ended can be retried.",
  );
}

/** The collection as it is now; undefined when the import had made one that went away with it. */
async function collectionOf(ctx: ServiceContext, row: ImportRow): Promise<CollectionRow | undefined> {
  if (row.collectionId === null) return undefined;
  const collection = await findImportCollection(ctx.db, row.collectionId, ctx.ownerId);
  if (collection) return collection;
  throw new ConflictError("collection-gone", "The collection this import went into has been deleted.");
}

/** Fields that the import was to create, and has, are there now. */
function mappingFor(mapping: MappingEntry[], collection: CollectionRow | undefined): MappingEntry[] {
  const there = new Set(collection?.fields.map((field) => field.name));
  return mapping.map((entry) =>
    "create" in entry && there.has(entry.create.name)
      ? { column: entry.column, field: entry.create.name }
      : entry,
  );
}

function optionsFor(options: ImportOptions, failedRows: boolean): ImportOptions {
  if (!failedRows) return { ...options, autoStart: true };
  const asked = { ...options, autoStart: true, stopBeforeApply: false };
  // "replace" with a few rows would remove all the others: as part of the whole file these would have been laid over.
  return options.strategy === "replace" ? { ...asked, strategy: "merge", onConflict: "overwrite" } : asked;
}

async function insertAgain(
  ctx: ServiceContext,
  row: ImportRow,
  changed: Pick<ImportRow, "collectionId" | "retryOf"> & { mapping: MappingEntry[]; options: ImportOptions },
): Promise<ImportRow> {
  const id = newId();
  await insertImport(
    ctx.db,
    {
      id,
      jobId: newId(),
      ownerId: ctx.ownerId,
      uploadId: row.uploadId,
      fileName: row.fileName,
      newCollection: changed.collectionId ? null : row.newCollection,
      state: "pending",
      detection: row.detection,
      sourceKey: row.sourceKey,
      idPrefix: newIdPrefix(),
      ...changed,
    },
    `Import of ${row.fileName} (${changed.retryOf?.rows === "failed" ? "failed rows" : "again"})`,
  );
  const inserted = await findImport(ctx.db, id, ctx.ownerId);
  if (!inserted) throw new NotFoundError("import");
  return inserted;
}
