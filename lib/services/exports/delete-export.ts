import { deleteExport as deleteRow, findExport } from "@/db/queries/exports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { removeFiles } from "@/lib/services/exports/remove-expired";

/**
 * Removes an export and its file before its time.
 * @throws ConflictError export-running while it is being made
 */
export async function deleteExport(ctx: ServiceContext, id: string): Promise<void> {
  const row = await findExport(ctx.db.sql, id, ctx.ownerId);
  if (!row) throw new NotFoundError("export");
  if (row.state === "pending" || row.state === "processing") {
    throw new ConflictError("export-running", "This export is still being made. Cancel it first.");
  }
  // The row last: interrupted here, it can be removed again.
  await removeFiles(ctx, id);
  await deleteRow(ctx.db.sql, id);
}
