import { findImport, patchImport } from "@/db/queries/imports";
import { type CancelLeaves, requestCancel } from "@/db/queries/job-control";
import type { ImportView } from "@/lib/contracts/import-view";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { wakePaused } from "@/lib/services/jobs/resume-job";
import { refusePart } from "./part-of-restore";
import { rollBackImport } from "./rollback";
import { importView } from "./view";

/**
 * Cancels an import: a draft at once, one at work (or paused) at its next batch or chunk. `leaves` says what becomes of
 * chunks that are in: "nothing" takes them back, "applied" keeps them; such an import can still be undone.
 */
export async function cancelImport(
  ctx: ServiceContext,
  id: string,
  leaves: CancelLeaves = "nothing",
): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  refusePart(row);
  if (row.state === "draft") {
    await rollBackImport(ctx, id, { kind: "cancelled" });
  } else if (row.state === "awaiting_review") {
    await requestCancel(ctx.db.sql, row.jobId);
    await patchImport(ctx.db, id, { state: "staging" }, ["awaiting_review"]);
    await ctx.sendEvents([{ name: "import/decided", data: { importId: id, decision: "cancel" } }]);
  } else if (["pending", "staging", "applying"].includes(row.state)) {
    await requestCancel(ctx.db.sql, row.jobId, leaves);
    await wakePaused(ctx, row.jobId);
  } else {
    throw new ConflictError("import-finished", "The import has ended already; a finished one can be undone.");
  }
  return await importView(ctx, (await findImport(ctx.db, id, ctx.ownerId)) ?? row);
}
