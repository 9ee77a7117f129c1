import { findImport, patchImport } from "@/db/queries/imports";
import { requestCancel } from "@/db/queries/job-lists";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { rollBackImport } from "./rollback";
import { type ImportView, importView } from "./view";

/**
 * Cancels an import: a draft at once, one at work at its next batch or chunk. Nothing of it remains in the data.
 */
export async function cancelImport(ctx: ServiceContext, id: string): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (row.state === "draft") {
    await rollBackImport(ctx, id, { kind: "cancelled" });
  } else if (row.state === "awaiting_review") {
    await requestCancel(ctx.db.sql, row.jobId);
    await patchImport(ctx.db, id, { state: "staging" }, ["awaiting_review"]);
    await ctx.sendEvents([{ name: "import/decided", data: { importId: id, decision: "cancel" } }]);
  } else if (["pending", "staging", "applying"].includes(row.state)) {
    await requestCancel(ctx.db.sql, row.jobId);
  } else {
    throw new ConflictError("import-finished", "The import has ended already; a finished one can be undone.");
  }
  return await importView(ctx, (await findImport(ctx.db, id, ctx.ownerId)) ?? row);
}
