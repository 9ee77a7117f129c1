import { findImport, patchImport } from "@/db/queries/imports";
import { findUpload } from "@/db/queries/uploads";
import type { ImportView } from "@/lib/contracts/import-view";
import type { ImportOptions } from "@/lib/contracts/imports";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { refuseUnmapped, requestRun } from "./create";
import { refusePart } from "./part-of-restore";
import { resolveImport } from "./resolve";
import { loadImport } from "./running";
import { importView } from "./view";

/**
 * Starts a draft; with `stopBeforeApply` it waits for a person once its counts are known. Starting an import that waits
 * approves its plan, provided nothing is left to decide.
 */
export async function beginImport(
  ctx: ServiceContext,
  id: string,
  input: { stopBeforeApply?: boolean },
): Promise<ImportView> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  refusePart(row);
  if (row.state === "awaiting_review") return await resolveImport(ctx, id, {});
  if (row.state !== "draft") throw new ConflictError("import-started", "The import has started already.");
  const { target, options } = await loadImport(ctx, row);
  refuseUnmapped(target, options);
  const changed: ImportOptions = {
    ...options,
    stopBeforeApply: input.stopBeforeApply ?? options.stopBeforeApply,
  };
  const started = await patchImport(ctx.db, id, { state: "pending", options: changed }, ["draft"]);
  if (!started) throw new ConflictError("import-started", "The import has started already.");
  const upload = await findUpload(ctx.db, row.uploadId, ctx.ownerId);
  await requestRun(ctx, id, upload?.sizeBytes ?? 0);
  return await importView(ctx, started);
}
