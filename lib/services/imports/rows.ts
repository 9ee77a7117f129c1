import { readAppliedRows, type AppliedRow } from "@/db/bulk/import-rows";
import { isStaged, readStaged, type StagedRow } from "@/db/bulk/staging";
import { findImport } from "@/db/queries/imports";
import type { ROW_STATUSES } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import type { StoredDetection } from "./detect";
import { loadImport } from "./running";

export type RowStatus = (typeof ROW_STATUSES)[number];

export interface ImportRowView {
  number: number;
  /** Invalid rows: the file's own text by column. Others: the values as they are stored, by field. */
  values: Record<string, string | number | boolean>;
  recordId?: string;
  errors: { field: string; value: string; code: string; message: string }[];
}

/** Rows of one kind in the order of the file; the cursor is the last row's number. */
export async function listRows(
  ctx: ServiceContext,
  id: string,
  page: { status: RowStatus; limit: number; cursor?: string },
): Promise<{ items: ImportRowView[]; nextCursor: string | null }> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (!row.staged || !(await isStaged(ctx.db.sql, id))) {
    if (row.finishedAt) {
      throw new ConflictError("rows-removed", "The rows of this import are no longer kept.");
    }
    return { items: [], nextCursor: null };
  }
  const afterRow = Number(page.cursor ?? 0) || 0;
  const limit = page.limit + 1;
  const { columns } = row.detection as StoredDetection;
  const items =
    page.status === "invalid"
      ? (await readStaged(ctx.db.sql, id, { invalid: true, afterRow, limit })).map((r) =>
          invalidView(r, columns),
        )
      : row.plan
        ? (
            await readAppliedRows(ctx.db.sql, id, {
              rules: (await loadImport(ctx, row).catch(() => loadImport(ctx, { ...row, collectionId: null })))
                .rules,
              status: page.status,
              idPrefix: row.idPrefix,
              afterRow,
              limit,
            })
          ).map(appliedView)
        : [];
  const shown = items.slice(0, page.limit);
  return { items: shown, nextCursor: items.length > page.limit ? String(shown.at(-1)!.number) : null };
}

function invalidView(r: StagedRow, columns: string[]): ImportRowView {
  const raw = r.raw ?? [];
  const values = Object.fromEntries(columns.map((column, i) => [column, raw[i] ?? ""]));
  return { number: r.number, values, errors: r.errors ?? [] };
}

function appliedView(r: AppliedRow): ImportRowView {
  return { number: r.number, values: r.data, recordId: r.recordId ?? undefined, errors: [] };
}
