import { findImport, listImports, type ImportRow } from "@/db/queries/imports";
import type { ImportSummary, ImportView } from "@/lib/contracts/import-view";
import type {
  ImportFailure,
  ImportOptions,
  ImportPage,
  ImportResult,
  MappingEntry,
  PlanCounts,
} from "@/lib/contracts/imports";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import type { StoredDetection } from "./detect";
import { fileRowsOf } from "./file-rows";
import { failedRowCounts } from "./rows";
import { loadImport } from "./running";
import type { StagedSummary } from "./stage-lines";
import { leftChanges } from "./states";
import type { UndoState } from "./undo";

export async function getImport(ctx: ServiceContext, id: string): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  return await importView(ctx, row);
}

export async function importView(ctx: ServiceContext, row: ImportRow): Promise<ImportView> {
  // A finished import outlives its collection; its fields are then those it was planned with.
  const { target } = await loadImport(ctx, row).catch(() => loadImport(ctx, { ...row, collectionId: null }));
  const { inferred, source, fields: _stated, ...detection } = row.detection as StoredDetection;
  const staged = row.staged as StagedSummary | null;
  return {
    ...summaryView(ctx, row),
    source,
    detection,
    fields: target.fields,
    keyFields: target.keyFields,
    mapping: row.mapping as MappingEntry[],
    mappingProblems: target.problems,
    dateOrders: inferred.dateOrders,
    options: row.options as ImportOptions,
    corrections: staged?.corrections ?? {},
    fileProblem: staged?.problem ?? null,
    fileRows: fileRowsOf(row.detection as StoredDetection, staged),
  };
}

function summaryView(ctx: ServiceContext, row: ImportRow): ImportSummary {
  const undoable = leftChanges(row) && row.collectionId !== null;
  return {
    id: row.id,
    state: row.state,
    jobId: row.jobId,
    collectionId: row.collectionId,
    newCollection: row.newCollection,
    fileName: row.fileName,
    uploadId: row.uploadId,
    counts: row.plan as PlanCounts | null,
    result: row.result as ImportResult | null,
    failure: row.failure as ImportFailure | null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    expiresAt: row.state === "awaiting_review" ? (row.expiresAt?.toISOString() ?? null) : null,
    failedRows: row.staged ? failedRowCounts(row) : null,
    retryOf: row.retryOf,
    undoableUntil:
      undoable && row.expiresAt && row.expiresAt > ctx.now() ? row.expiresAt.toISOString() : null,
    undo: row.undo as UndoState | null,
  };
}

export async function listImportViews(ctx: ServiceContext, page: ImportPage) {
  const { collectionId, cursor: before, limit } = page;
  const rows = await listImports(ctx.db, ctx.ownerId, { limit: limit + 1, before, collectionId });
  const items = rows.slice(0, page.limit).map((row) => summaryView(ctx, row));
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}
