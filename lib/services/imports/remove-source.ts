import { findImport } from "@/db/queries/imports";
import { NotFoundError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { removeUpload } from "@/lib/services/uploads/remove-upload";

/** Removes the uploaded file of an import that has ended: its rows are staged, and its bytes rest nowhere any more. */
export async function removeSource(ctx: SystemContext, importId: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (!row) return;
  await removeUpload({ ...ctx, ownerId: row.ownerId }, row.uploadId).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
  });
}

/** The same for an import that failed: its file is kept for another try, for a day, where its rows are not staged. */
export async function removeSpentSource(ctx: SystemContext, importId: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (row?.staged) await removeSource(ctx, importId);
}
