import { findImport, patchImport } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ImportOptions } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { refusePart } from "./part-of-restore";
import { importView } from "./view";

/**
 * Compares the rows of an import that waits for a decision with the records anew, by the collection's matching rule as
 * it is now. Then it waits again, also when nothing clashes any more; what was decided about a row still holds.
 * @throws NotFoundError; ConflictError `not-in-review`
 */
export async function matchAgain(ctx: ServiceContext, id: string): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  refusePart(row);
  const options: ImportOptions = { ...(row.options as ImportOptions), stopBeforeApply: true };
  // Without a plan, its function makes another one before it does anything else.
  const unplanned = {
    state: "staging" as const,
    options,
    plan: null,
    planRevision: null,
    approvedRevision: null,
  };
  const moved = await patchImport(ctx.db, id, unplanned, ["awaiting_review"]);
  if (!moved) throw new ConflictError("not-in-review", "This import does not wait for a decision.");
  await advanceJob(ctx.db.sql, row.jobId, { event: "progress", state: "processing" });
  await ctx.sendEvents([{ name: "import/decided", data: { importId: id, decision: "go" } }]);
  return await importView(ctx, moved);
}
