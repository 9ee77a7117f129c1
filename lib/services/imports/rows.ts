import { readAppliedRows, type AppliedRow } from "@/db/bulk/import-rows";
import { isStaged, type StagedRow } from "@/db/bulk/staging";
import { readFailedRows } from "@/db/bulk/staged-fixes";
import { findImport, type ImportRow } from "@/db/queries/imports";
import type { FailedRow, FailedRowCounts, ImportRowView } from "@/lib/contracts/import-view";
import type { ROW_STATUSES } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import type { StoredDetection } from "./detect";
import { loadImport, recordIdsOf } from "./running";
import type { StagedSummary } from "./stage-lines";
import { hasEnded } from "./states";

export type RowStatus = (typeof ROW_STATUSES)[number];

/** Rows of one kind in the order of the file; the cursor is the last row's number. */
export async function listRows(
  ctx: ServiceContext,
  id: string,
  page: { status: RowStatus; limit: number; cursor?: string },
): Promise<{ items: ImportRowView[]; nextCursor: string | null; counts?: FailedRowCounts }> {
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
    page.status === "invalid" || page.status === "fixed"
      ? (
          await readFailedRows(ctx.db.sql, id, {
            which:
              page.status === "invalid"
                ? "invalid"
                : hasEnded(row.state)
                  ? "fixed-afterwards"
                  : "fixed-in-review",
            afterRow,
            limit,
          })
        ).map((r) => failedRowView(r, columns))
      : row.plan
        ? (
            await readAppliedRows(ctx.db.sql, id, {
              rules: (await loadImport(ctx, row).catch(() => loadImport(ctx, { ...row, collectionId: null })))
                .rules,
              status: page.status,
              ids: recordIdsOf(row),
              afterRow,
              limit,
            })
          ).map(appliedView)
        : [];
  const shown = items.slice(0, page.limit);
  const nextCursor = items.length > page.limit ? String(shown.at(-1)!.number) : null;
  return { items: shown, nextCursor, counts: failedRowCounts(row) };
}

export function failedRowView(r: StagedRow, columns: readonly string[]): FailedRow {
  const raw = r.raw ?? [];
  const values = Object.fromEntries(columns.map((column, i) => [column, raw[i] ?? ""]));
  const errors = r.errors ?? [];
  return { number: r.number, values, errors, fixed: errors.length === 0 };
}

/** While the import waits, rows that are fixed join it; after it has ended they wait to be imported themselves. */
export function failedRowCounts({ state, staged }: Pick<ImportRow, "state" | "staged">): FailedRowCounts {
  const { invalid, fixedInReview = 0, fixedAfterwards = 0 } = staged as StagedSummary;
  return hasEnded(state)
    ? { invalid: invalid - fixedAfterwards, fixed: fixedAfterwards }
    : { invalid, fixed: fixedInReview };
}

function appliedView(r: AppliedRow): ImportRowView {
  return {
    number: r.number,
    values: r.data,
    recordId: r.recordId ?? undefined,
    ...(r.before && { before: r.before }),
    errors: [],
  };
}
