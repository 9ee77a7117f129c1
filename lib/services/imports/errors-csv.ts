import { isStaged } from "@/db/bulk/staging";
import { readFailedRows } from "@/db/bulk/staged-fixes";
import { findImport } from "@/db/queries/imports";
import { csvLine } from "@/lib/core/formats/csv/write";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import type { StoredDetection } from "./detect";

const PAGE_ROWS = 1_000;

/**
 * The invalid rows as a CSV file, their own columns first as the file had them, then the row's number and the reasons:
 * to be mended and imported again.
 */
export async function errorsCsv(
  ctx: ServiceContext,
  id: string,
): Promise<{ fileName: string; lines: AsyncIterable<string> }> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (!row.staged || !(await isStaged(ctx.db.sql, id))) {
    throw new ConflictError("rows-removed", "The failed rows of this import are not kept (any more).");
  }
  const { columns } = row.detection as StoredDetection;
  async function* lines() {
    yield csvLine([...columns, "Ferry row", "Ferry reason"]);
    for (let afterRow = 0; ;) {
      const page = await readFailedRows(ctx.db.sql, id, { which: "invalid", afterRow, limit: PAGE_ROWS });
      for (const { number, raw, errors } of page) {
        const cells = columns.map((_, i) => raw?.[i] ?? "");
        const reasons = (errors ?? []).map((e) => `${e.field}: ${e.message}`).join(" · ");
        yield csvLine([...cells, String(number), reasons]);
      }
      if (page.length < PAGE_ROWS) return;
      afterRow = page.at(-1)!.number;
    }
  }
  return { fileName: `${row.fileName.replace(/\.[^.]*$/, "")}-failed-rows.csv`, lines: lines() };
}
