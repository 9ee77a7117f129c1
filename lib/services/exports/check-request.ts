import type { ExportableCollection } from "@/db/queries/exports";
import type { CreateExport } from "@/lib/contracts/exports";
import type { Field } from "@/lib/core/fields/types";
import { ValidationError } from "@/lib/platform/errors";
import { DURATION, isTripLike } from "@/lib/services/exports/plan-export";
import { isDate } from "@/lib/services/exports/plan-rows";
import { conditionsOf } from "@/lib/services/records/selection";

/** Sheets that a workbook of Ferry's may have: more open in no spreadsheet. */
export const SHEETS_MAX = 1_000;

/** @throws ValidationError naming what fits none of the collections */
export function checkRequest(collections: readonly ExportableCollection[], request: CreateExport): void {
  const { categories = [], format } = request;
  if (collections.length === 0 && categories.length === 0 && (format === "csv" || format === "xlsx")) {
    throw new ValidationError("There is no collection to export yet.", undefined, "nothing-to-export");
  }
  if (format === "xlsx") checkWorkbook(collections, request);
  const known = new Set(collections.flatMap((c) => c.fields.map((f) => f.name)));
  if (collections.some((c) => isTripLike(c.template, c.fields as Field[]))) known.add(DURATION.name);
  const unknown = (request.fields ?? []).filter((name) => !known.has(name));
  const dates = collections.flatMap((c) => c.fields.filter(isDate).map((f) => f.name));
  const by = request.dateRange?.field;
  const problems = unknown.map((name) => ({ path: "fields", message: `There is no field "${name}".` }));
  if (by !== undefined && by !== "createdAt" && !dates.includes(by)) {
    problems.push({ path: "dateRange.field", message: `There is no date field "${by}".` });
  }
  if (problems.length > 0) throw new ValidationError(problems[0]!.message, problems);
  checkFilter(collections, request);
}

/** The filters have to fit at least one collection; what stands against the first one is said otherwise. */
function checkFilter(collections: readonly ExportableCollection[], { filter }: CreateExport): void {
  if (!filter || filter.length === 0 || collections.length === 0) return;
  let refusal: unknown;
  for (const { fields } of collections) {
    try {
      conditionsOf(fields as Field[], filter, "");
      return;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function checkWorkbook(collections: readonly ExportableCollection[], { compression }: CreateExport): void {
  if (collections.length > SHEETS_MAX) {
    throw new ValidationError(
      `A workbook holds at most ${SHEETS_MAX} collections, each on a sheet of its own. Choose JSON or NDJSON, or fewer collections.`,
      [{ path: "format", message: `at most ${SHEETS_MAX} collections` }],
      "too-many-sheets",
    );
  }
  if (compression?.algorithm === "gzip") {
    throw new ValidationError(
      "An Excel workbook is compressed as it is: choose zip to set how much, or leave the compression out.",
      [{ path: "compression.algorithm", message: "not for xlsx" }],
    );
  }
}
