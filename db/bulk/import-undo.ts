import type { SqlTransaction } from "@/db/client";
import { touchCollection } from "./import-apply";
import { putBackDeleted } from "./undo-deleted";
import type { UndoChunkInput, UndoneChunk } from "./undo-chunk";
import { dropInserted, removeInserted } from "./undo-inserted";
import { addCounts, NOTHING_DONE, noteChunk, type UndoCounts } from "./undo-run";
import { restoreExactly, restoreUpdated } from "./undo-updated";

/**
 * Takes one applied chunk back in the caller's transaction. Undefined when that has already been done: the chunk's mark
 * makes a repeated step harmless.
 * @throws ConcurrentEditError when somebody edits one of its records in this very moment; the chunk is to be tried again
 */
export async function undoChunk(tx: SqlTransaction, input: UndoChunkInput): Promise<UndoCounts | undefined> {
  const { importId, collectionId, chunk, mode } = input;
  const [marked] = await tx<{ inserted: number; updated: number; deleted: number }[]>`
    update journal_chunks set undone_at = now(), undo_id = ${mode.kind === "undo" ? mode.undoId : null}
    where import_id = ${importId} and chunk = ${chunk} and undone_at is null returning inserted, updated, deleted`;
  if (!marked) return undefined;
  const counts =
    mode.kind === "undo" ? await takeBack(tx, { ...input, mode }, marked) : await rollBack(tx, input, marked);
  await touchCollection(tx, collectionId, counts.reinserted - counts.removed);
  return counts;
}

interface Marked {
  inserted: number;
  updated: number;
  deleted: number;
}

async function takeBack(tx: SqlTransaction, input: UndoneChunk, marked: Marked): Promise<UndoCounts> {
  let counts = NOTHING_DONE;
  await noteChunk(tx, input.mode.undoId, input.chunk);
  if (marked.inserted > 0) counts = addCounts(counts, await removeInserted(tx, input, marked.inserted));
  if (marked.updated > 0) counts = addCounts(counts, await restoreUpdated(tx, input, marked.updated));
  if (marked.deleted > 0) counts = addCounts(counts, { reinserted: await putBackDeleted(tx, input) });
  return counts;
}

async function rollBack(tx: SqlTransaction, input: UndoChunkInput, marked: Marked): Promise<UndoCounts> {
  const removed = marked.inserted > 0 ? await dropInserted(tx, input) : 0;
  const restored = marked.updated > 0 ? await restoreExactly(tx, input) : 0;
  const reinserted = marked.deleted > 0 ? await putBackDeleted(tx, input) : 0;
  // What it had noted of earlier sources when it became the last to write a record: it no longer is. A note that was
  // there before the import has another time.
  await tx`
    delete from record_givens g using journal_entries e
    where e.import_id = ${input.importId} and e.chunk = ${input.chunk} and g.collection_id = ${input.collectionId}
      and g.record_id = e.record_id and g.import_id = e.before_source_import_id
      and g.given = e.before and g.given_at = e.before_updated_at`;
  return { removed, restored, reinserted, kept: 0, gone: 0 };
}

/** What a rolled-back import had noted besides records: what its source says of records, and what ids became. */
export async function forgetNotes(tx: SqlTransaction, importId: string, collectionId: string): Promise<void> {
  await tx`delete from record_givens where collection_id = ${collectionId} and import_id = ${importId}`;
  await tx`delete from record_origins where collection_id = ${collectionId} and import_id = ${importId}`;
}
