import { abortUpload, deleteUpload, findAbandonedUploads } from "@/db/queries/uploads";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { objectPrefix } from "@/lib/services/uploads/parts";

/**
 * Removes an upload and all its objects; one that is gone already throws NotFoundError. Interrupted in the middle it
 * stays marked as aborted, and the hourly clearing finishes it.
 */
export async function removeUpload(ctx: ServiceContext, id: string): Promise<void> {
  if (!(await abortUpload(ctx.db, id, ctx.ownerId))) throw new NotFoundError("upload");
  // By prefix: a request that was killed between its object and its row leaves an object that no row names.
  for await (const key of ctx.storage.list(objectPrefix(id))) await ctx.storage.delete(key);
  await deleteUpload(ctx.db, id);
}

const AT_ONCE = 100;

/** Removes every upload that nobody went on with for 24 hours (S3.2); answers how many. */
export async function removeAbandonedUploads(ctx: SystemContext): Promise<number> {
  let removed = 0;
  for (;;) {
    const abandoned = await findAbandonedUploads(ctx.db, ctx.now(), AT_ONCE);
    for (const { id, ownerId } of abandoned) {
      // Its owner may be quicker.
      await removeUpload({ ...ctx, ownerId }, id).catch(ignoreNotFound);
    }
    removed += abandoned.length;
    if (abandoned.length < AT_ONCE) return removed;
  }
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}
