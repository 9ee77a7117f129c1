import { isStaged, type StagedRow } from "@/db/bulk/staging";
import { lockFailedRow, storeFix } from "@/db/bulk/staged-fixes";
import { findImport, type ImportRow } from "@/db/queries/imports";
import { lockImportForFix, saveFixCounts } from "@/db/queries/import-fixes";
import type { FailedRow, FailedRowCounts } from "@/lib/contracts/import-view";
import type { FixRow, PlanCounts } from "@/lib/contracts/imports";
import { storableText } from "@/lib/core/fields/clean";
import { ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { refusePart } from "./part-of-restore";
import { rowEncoderOf } from "./row-options";
import { failedRowCounts, failedRowView } from "./rows";
import { loadImport, type RunningImport } from "./running";
import type { StagedSummary } from "./stage-lines";
import { hasEnded } from "./states";

/**
 * Takes a failed row as it should read and checks it again. While the import waits for a decision, a row that is valid
 * now joins the others, and the plan is made again before anything is applied; after it has ended the row waits until
 * the failed rows are imported (`retryImport`). A row that has been fixed can be changed again in the same way.
 */
export async function fixRow(
  ctx: ServiceContext,
  id: string,
  number: number,
  input: FixRow,
): Promise<FailedRow & { counts: FailedRowCounts }> {
  const known = await findImport(ctx.db, id, ctx.ownerId);
  if (!known) throw new NotFoundError("import");
  refusePart(known);
  refuseWhileAtWork(known);
  if (!known.staged || !(await isStaged(ctx.db.sql, id))) {
    throw new ConflictError("rows-removed", "The rows of this import are no longer kept.");
  }
  const running = await loadImport(ctx, known).catch(() => {
    throw new ConflictError("collection-gone", "The collection this import went into has been deleted.");
  });
  return await ctx.db.sql.begin(async (tx) => {
    const { state, staged, plan } = await lockImportForFix(tx, id);
    refuseWhileAtWork({ state });
    const before = await lockFailedRow(tx, id, number);
    if (!before) {
      throw new ConflictError(
        "row-not-failed",
        `Row ${number} is not one of those that could not be stored.`,
      );
    }
    const raw = changedCells(running.detection.columns, before.raw, input.values);
    const waits = state === "awaiting_review";
    if (!waits && before.errors === null) {
      throw new ConflictError(
        "row-imported",
        `Row ${number} was fixed before and has been imported. Edit its record instead.`,
      );
    }
    const { json, errors } = recheck(running, raw);
    const stored = errors.length > 0 ? errors : waits ? null : [];
    await storeFix(tx, id, { number, raw, json: waits && !stored ? json : "{}", errors: stored });
    const change = Number(isOpen(before.errors)) - Number(errors.length > 0);
    const summary = summaryAfter(staged as StagedSummary, change, waits);
    const counts = waits && plan ? planAfter(plan as PlanCounts, change, running) : undefined;
    await saveFixCounts(tx, id, { staged: summary, plan: counts });
    const view = failedRowView({ number, raw, errors: stored, data: {} }, running.detection.columns);
    return { ...view, counts: failedRowCounts({ state, staged: summary }) };
  });
}

function refuseWhileAtWork({ state }: Pick<ImportRow, "state">): void {
  if (state === "awaiting_review" || hasEnded(state)) return;
  throw new ConflictError(
    "import-at-work",
    "The import is at work. Rows can be fixed while it waits for you, or after it has ended.",
  );
}

function isOpen(errors: StagedRow["errors"]): boolean {
  return errors !== null && errors.length > 0;
}

function changedCells(
  columns: readonly string[],
  raw: readonly string[],
  values: FixRow["values"],
): string[] {
  if (Array.isArray(values)) return values.map(storableText);
  const cells = Array.from({ length: Math.max(columns.length, raw.length) }, (_, i) => raw[i] ?? "");
  for (const [column, text] of Object.entries(values)) {
    const index = columns.indexOf(column);
    if (index < 0) {
      throw new ValidationError(`The file has no column “${column}”.`, [
        { path: `values.${column}`, message: "There is no such column." },
      ]);
    }
    cells[index] = storableText(text);
  }
  return cells;
}

/** The row through the very encoder that reads files. */
function recheck(running: RunningImport, raw: readonly string[]): { json: string; errors: RowError[] } {
  const { detection, target } = running;
  const encoder = rowEncoderOf(detection, target);
  const json = encoder.encode(raw);
  if (json === null) return { json: "{}", errors: encoder.issues.map((issue) => ({ ...issue })) };
  if (json !== undefined) return { json, errors: [] };
  const first = target.fields.find((_, i) => (target.columnIndexes[i] ?? -1) >= 0)?.name ?? "";
  const message = "All cells of the row are empty: there is nothing to store.";
  return { json: "{}", errors: [{ field: first, value: "", code: "required", message }] };
}

type RowError = NonNullable<StagedRow["errors"]>[number];

/** `change` is 1 when a row has become valid, -1 when it has ceased to be. */
function summaryAfter(staged: StagedSummary, change: number, waits: boolean): StagedSummary {
  if (!waits) return { ...staged, fixedAfterwards: (staged.fixedAfterwards ?? 0) + change };
  return {
    ...staged,
    invalid: staged.invalid - change,
    fixedInReview: (staged.fixedInReview ?? 0) + change,
    unplannedFixes: (staged.unplannedFixes ?? 0) + 1,
  };
}

/** Counts the row as one that matches nothing, until the plan is made again. */
function planAfter(plan: PlanCounts, change: number, { options }: RunningImport): PlanCounts {
  const kind = options.strategy === "updateOnly" ? "skipped" : "new";
  return { ...plan, invalid: plan.invalid - change, [kind]: plan[kind] + change };
}
