import { RecordReturnedError } from "@/db/bulk/import-apply";
import { findParts } from "@/db/queries/restores";
import type { SystemContext } from "@/lib/services/context";
import { applyChunks } from "@/lib/services/imports/apply";
import { hasWork } from "./claim-parts";
import { planStale } from "./errors";

/** A step ends after about this long; one collection's chunks end it by themselves. */
const STEP_MS = 20_000;

/** Where the application stands: the collection, and the next of its chunks. */
export interface ApplyCursor {
  part: number;
  chunk: number;
}

/**
 * Applies collection after collection from there on, chunk by chunk as an import does, until all are in or the step has
 * lasted. Chunks that are in already are passed over.
 * @throws ImportCancelledError, ImportPausedError between chunks; PermanentImportError when the plan no longer holds
 */
export async function applyParts(
  ctx: SystemContext,
  restoreId: string,
  from: ApplyCursor,
): Promise<{ done: boolean; next: ApplyCursor }> {
  const parts = (await findParts(ctx.db, restoreId)).filter(hasWork);
  const startedAt = Date.now();
  let { part, chunk } = from;
  while (part < parts.length && Date.now() - startedAt < STEP_MS) {
    const { done, nextChunk } = await applyChunks(ctx, parts[part]!.id, chunk).catch(outdated);
    chunk = done ? 0 : nextChunk;
    if (done) part++;
  }
  return { done: part >= parts.length, next: { part, chunk } };
}

function outdated(error: unknown): never {
  throw error instanceof RecordReturnedError ? planStale() : error;
}
