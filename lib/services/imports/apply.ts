import { applyChunk, deleteChunk } from "@/db/bulk/import-apply";
import type { ChunkCounts } from "@/db/bulk/import-chunk";
import { countGone } from "@/db/bulk/import-count";
import { deliveriesOf } from "@/db/queries/import-sources";
import { advanceJob } from "@/db/queries/jobs";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "./errors";
import { inChunk, inLanes } from "./lanes";
import { removedSince } from "./restored-target";
import { loadRunning, recordIdsOf, type RunningImport, throwIfStopped } from "./running";
import type { StagedSummary } from "./stage-lines";

interface Chunking {
  rows: number;
  count: number;
}

/** What one step works with: the rows of the file in chunks, then the records that the file does not have. */
interface Work {
  running: RunningImport;
  deliveries: string[];
  rows: Chunking;
  gone: Chunking & { last: number };
}

/** Chunks of an import: large ones cost less, small ones show progress and give a cancel its turn. */
function chunking(last: number): Chunking {
  const rows = Math.min(100_000, Math.max(10_000, Math.ceil(last / 10)));
  return { rows, count: Math.ceil(last / rows) };
}

async function loadWork(ctx: SystemContext, importId: string): Promise<Work> {
  const running = await loadRunning(ctx, importId);
  const { row, collection } = running;
  if (!collection)
    throw new PermanentImportError({ code: "collection-gone", message: "The collection is gone." });
  const source = { importId, collectionId: collection.id, sourceKey: row.sourceKey };
  // A restore is a delivery of its own: nothing came before it.
  const deliveries = row.restored ? [] : await deliveriesOf(ctx.db.sql, source);
  const last = row.restored
    ? removedSince(row.restored, running.options)
    : await countGone(ctx.db.sql, importId);
  return {
    running,
    deliveries,
    rows: chunking((row.staged as StagedSummary).lastRow),
    gone: { ...chunking(last), last },
  };
}

/**
 * Applies chunks of the plan from `fromChunk` on, each in one transaction with its journal, marker and progress, until
 * all are in or the step has lasted long enough. Chunks that are in already are passed over.
 * @throws ImportCancelledError, ImportPausedError between chunks
 */
export async function applyChunks(
  ctx: SystemContext,
  importId: string,
  fromChunk: number,
): Promise<{ done: boolean; nextChunk: number }> {
  const work = await loadWork(ctx, importId);
  const count = work.rows.count + work.gone.count;
  const nextChunk = await inLanes(fromChunk, count, async (chunk) => {
    await throwIfStopped(ctx, work.running.row.jobId);
    await applyOne(ctx, work, chunk);
  });
  return { done: nextChunk >= count, nextChunk };
}

async function applyOne(ctx: SystemContext, work: Work, chunk: number): Promise<void> {
  const { row, collection, rules, unmappedFields, criteria } = work.running;
  if (!collection)
    throw new PermanentImportError({ code: "collection-gone", message: "The collection is gone." });
  const deletes = chunk >= work.rows.count;
  const { rows } = deletes ? work.gone : work.rows;
  const index = deletes ? chunk - work.rows.count : chunk;
  const lastRow = (index + 1) * rows;
  const input = {
    importId: row.id,
    collectionId: collection.id,
    ownerId: row.ownerId,
    ids: recordIdsOf(row),
    keyFields: collection.keyFields,
    stagedHashIsOwn: collection.keyFields.join("\0") === criteria.join("\0"),
    rules,
    unmappedFields,
    deliveries: work.deliveries,
    chunk,
    firstRow: index * rows + 1,
    lastRow: deletes ? Math.min(lastRow, work.gone.last) : lastRow,
  };
  await inChunk(ctx, async (tx) => {
    const counts = await (deletes ? deleteChunk : applyChunk)(tx, input);
    if (counts) await advanceJob(tx, row.jobId, chunkProgress(counts));
  });
}

function chunkProgress(counts: ChunkCounts) {
  const { inserted, updated, deleted, unchanged, skipped, invalid } = counts;
  const succeeded = inserted + updated + deleted + unchanged + skipped;
  return {
    event: invalid > 0 ? ("batch_partial" as const) : ("batch_complete" as const),
    state: "processing" as const,
    add: {
      processed: succeeded + invalid,
      succeeded,
      failed: invalid,
      batch: 1,
    },
    range: [50, 100] as [number, number],
  };
}
