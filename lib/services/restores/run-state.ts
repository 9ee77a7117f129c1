import { findRestore } from "@/db/queries/restores";
import { announceRelease } from "@/lib/services/imports/writer-turn";
import type { SystemContext } from "@/lib/services/context";

const ANNOUNCED_AT_ONCE = 500;

/** What the function of a restore needs to know of it from the start. */
export async function restoreJob(ctx: SystemContext, restoreId: string): Promise<{ jobId: string }> {
  const row = await findRestore(ctx.db, restoreId);
  if (!row) throw new Error(`restore ${restoreId} does not exist`);
  return { jobId: row.jobId };
}

/** Tells imports that wait for one of the restore's collections that they may try. */
export async function announceRestoreEnd(ctx: SystemContext, restoreId: string): Promise<void> {
  const row = await findRestore(ctx.db, restoreId);
  const ids = row?.plan?.collections.filter((one) => one.importId !== null) ?? [];
  for (let at = 0; at < ids.length; at += ANNOUNCED_AT_ONCE) {
    await announceRelease(ctx, ...ids.slice(at, at + ANNOUNCED_AT_ONCE).map((one) => one.collectionId));
  }
}
