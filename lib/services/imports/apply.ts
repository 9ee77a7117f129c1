import { applyChunk, ConcurrentEditError, type ChunkCounts } from "@/db/bulk/import-apply";
import { advanceJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { loadRunning, type RunningImport, throwIfCancelled } from "./running";
import type { StagedSummary } from "./stage-lines";

/** Two connections merge side by side: more only wait for each other (bench/README.md). */
const LANES = 2;
/** A step ends after about this long, so that what it did is memoised and a hang is noticed. */
const STEP_MS = 20_000;
const EDIT_RETRIES = 5;

interface Chunking {
  rows: number;
  count: number;
}

/** Chunks of an import: large ones cost less, small ones show progress and give a cancel its turn. */
function chunking(lastRow: number): Chunking {
  const rows = Math.min(100_000, Math.max(10_000, Math.ceil(lastRow / 10)));
  return { rows, count: Math.ceil(lastRow / rows) };
}

/**
 * Applies chunks of the plan from `fromChunk` on, each in one transaction with its journal, marker and progress, until
 * all are in or the step has lasted long enough. Chunks that are in already are passed over.
 * @throws ImportCancelledError between chunks
 */
export async function applyChunks(
  ctx: SystemContext,
  importId: string,
  fromChunk: number,
): Promise<{ done: boolean; nextChunk: number }> {
  const running = await loadRunning(ctx, importId);
  const { count } = chunking((running.row.staged as StagedSummary).lastRow);
  const startedAt = Date.now();
  let next = fromChunk;
  let failed = false;
  const lane = async () => {
    while (next < count && !failed && Date.now() - startedAt < STEP_MS) {
      await throwIfCancelled(ctx, running.row.jobId);
      const chunk = next++;
      await applyOne(ctx, running, chunk);
    }
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: LANES }, () =>
      lane().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  // Both have come to rest: nothing of this step is still writing when it fails.
  for (const result of lanes) if (result.status === "rejected") throw result.reason;
  return { done: next >= count, nextChunk: next };
}

async function applyOne(ctx: SystemContext, running: RunningImport, chunk: number): Promise<void> {
  const { row, collection, rules } = running;
  if (!collection)
    throw new PermanentImportError({ code: "collection-gone", message: "The collection is gone." });
  const { rows } = chunking((row.staged as StagedSummary).lastRow);
  const input = {
    importId: row.id,
    collectionId: collection.id,
    ownerId: row.ownerId,
    idPrefix: row.idPrefix,
    keyFields: collection.keyFields,
    stagedHashIsOwn: collection.keyFields.join("\0") === running.criteria.join("\0"),
    rules,
    chunk,
    firstRow: chunk * rows + 1,
    lastRow: (chunk + 1) * rows,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await ctx.db.sql.begin(async (tx) => {
        const counts = await applyChunk(tx, input);
        if (counts) await advanceJob(tx, row.jobId, chunkProgress(counts));
      });
      return;
    } catch (error) {
      if (!(error instanceof ConcurrentEditError) || attempt >= EDIT_RETRIES) throw error;
    }
  }
}

function chunkProgress(counts: ChunkCounts) {
  const { inserted, updated, unchanged, skipped, invalid } = counts;
  return {
    event: invalid > 0 ? ("batch_partial" as const) : ("batch_complete" as const),
    state: "processing" as const,
    add: {
      processed: inserted + updated + unchanged + skipped + invalid,
      succeeded: inserted + updated + unchanged + skipped,
      failed: invalid,
      batch: 1,
    },
    range: [50, 100] as [number, number],
  };
}
