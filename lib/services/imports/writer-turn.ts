import { findWriter } from "@/db/bulk/writer";
import { findImport } from "@/db/queries/imports";
import { advanceJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";

/** What the function of an import needs to know of it from the start. */
export async function importJob(
  ctx: SystemContext,
  importId: string,
): Promise<{ jobId: string; collectionId: string | null; isRetry: boolean }> {
  const row = await findImport(ctx.db, importId);
  if (!row) throw new Error(`import ${importId} does not exist`);
  return { jobId: row.jobId, collectionId: row.collectionId, isRetry: row.retryOf !== null };
}

/**
 * Tells whoever watches that the import waits for its turn, and for whom. Its function listens for
 * `collection/released` by now: a release that came too early to be heard is told again.
 */
export async function noteWaiting(ctx: SystemContext, importId: string, collectionId: string): Promise<void> {
  const writer = await findWriter(ctx.db.sql, collectionId);
  if (!writer || writer.importId === importId) return await announceRelease(ctx, collectionId);
  const row = await findImport(ctx.db, importId);
  if (!row) return;
  const notice = writer.paused
    ? `“${writer.fileName}” is paused in the middle of its import into this collection. This import goes on when that one has been resumed or cancelled.`
    : `“${writer.fileName}” is being imported into this collection just now. This import goes on after it.`;
  await advanceJob(ctx.db.sql, row.jobId, {
    event: "progress",
    state: "processing",
    phase: { name: "waiting", total: null },
    notice,
  });
}

/** Tells imports that wait for these collections that they may try. */
export async function announceRelease(ctx: SystemContext, ...collectionIds: string[]): Promise<void> {
  await ctx.sendEvents(
    collectionIds.map((collectionId) => ({ name: "collection/released", data: { collectionId } })),
  );
}

/** The same for the collection of an import that has ended. */
export async function announceEnd(ctx: SystemContext, importId: string): Promise<void> {
  const row = await findImport(ctx.db, importId);
  if (row?.collectionId) await announceRelease(ctx, row.collectionId);
}
