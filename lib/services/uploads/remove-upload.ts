import {
  abortUpload,
  deleteUpload,
  extendUpload,
  findAbandonedUploads,
  findUpload,
} from "@/db/queries/uploads";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { arrivedParts, removeIncoming, removeStrayParts } from "@/lib/services/uploads/incoming";
import { objectPrefix, UPLOAD_HOURS, uploadExpiry } from "@/lib/services/uploads/parts";

/**
 * Removes an upload and all its objects; one that is gone already throws NotFoundError. Interrupted in the middle it
 * stays marked as aborted, and the hourly clearing finishes it.
 */
export async function removeUpload(ctx: ServiceContext, id: string): Promise<void> {
  if (!(await abortUpload(ctx.db, id, ctx.ownerId))) throw new NotFoundError("upload");
  // By prefix: a request that was killed between its object and its row leaves an object that no row names.
  for await (const key of ctx.storage.list(objectPrefix(id))) await ctx.storage.delete(key);
  await removeIncoming(ctx, id);
  await deleteUpload(ctx.db, id);
}

const AT_ONCE = 100;

/**
 * Removes every upload that nobody went on with for 24 hours (S3.2), and what unfinished writes of killed processes
 * and late parts left in the store; answers how many uploads.
 */
export async function removeAbandonedUploads(ctx: SystemContext): Promise<number> {
  let removed = 0;
  for (;;) {
    const abandoned = await findAbandonedUploads(ctx.db, ctx.now(), AT_ONCE);
    for (const { id, ownerId } of abandoned) {
      if (await isStillSent(ctx, id)) continue;
      // Its owner may be quicker.
      await removeUpload({ ...ctx, ownerId }, id).catch(ignoreNotFound);
      removed++;
    }
    if (abandoned.length < AT_ONCE) break;
  }
  const strays = await removeStrayParts(ctx);
  const drafts = await ctx.storage.removeDrafts(new Date(ctx.now().getTime() - UPLOAD_HOURS * 3_600_000));
  if (strays + drafts > 0) ctx.log.info({ strays, drafts }, "left-overs removed from the store");
  return removed;
}

/** Parts that go past Ferry do not move an upload's end: it is found here that they did come, and moved. */
async function isStillSent(ctx: SystemContext, id: string): Promise<boolean> {
  if (!ctx.storage.incoming) return false;
  const upload = await findUpload(ctx.db, id);
  if (upload?.state !== "uploading") return false;
  const { lastAt } = await arrivedParts(ctx, upload);
  if (!lastAt || uploadExpiry(lastAt) <= ctx.now()) return false;
  await extendUpload(ctx.db, id, uploadExpiry(lastAt));
  return true;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof NotFoundError)) throw error;
}
