import type { SqlTransaction } from "@/db/client";
import { touchCollection } from "./import-apply";
import { deleteAgain } from "./redo-deleted";
import { insertAgain } from "./redo-inserted";
import type { RedoChunkInput, UndoneWork } from "./undo-chunk";
import { addCounts, NOTHING_DONE, noteChunk, type UndoCounts } from "./undo-run";
import { updateAgain } from "./redo-updated";
import { writeAgain } from "./redo-written";

/**
 * Brings back what an undo took back of one chunk, in the caller's transaction. Undefined when the chunk is in already.
 * Records edited since the undo stay as they are; from then on they are no longer part of the import.
 * @throws ConcurrentEditError when somebody edits one of its records in this very moment; the chunk is to be tried again
 * @throws StagedRowsLostError when the staged rows no longer tell what had been inserted
 */
export async function redoChunk(tx: SqlTransaction, input: RedoChunkInput): Promise<UndoCounts | undefined> {
  const { importId, collectionId, chunk, redoId } = input;
  const [marked] = await tx<{ inserted: number; updated: number; deleted: number; undoId: string | null }[]>`
    select inserted, updated, deleted, undo_id as "undoId" from journal_chunks
    where import_id = ${importId} and chunk = ${chunk} and undone_at is not null for update`;
  if (!marked?.undoId) return undefined;
  await tx`update journal_chunks set undone_at = null, undo_id = ${redoId}
           where import_id = ${importId} and chunk = ${chunk}`;
  const work: UndoneWork = { ...input, undoId: marked.undoId };
  await noteChunk(tx, redoId, chunk);
  let counts = NOTHING_DONE;
  if (marked.inserted > 0) counts = addCounts(counts, await insertAgain(tx, work, marked.inserted));
  if (marked.updated > 0 && (await hasNotedChunk(tx, work))) {
    counts = addCounts(counts, await writeAgain(tx, work));
  }
  counts = addCounts(counts, await updateAgain(tx, work, marked.updated > 0));
  if (marked.deleted > 0) counts = addCounts(counts, await deleteAgain(tx, work));
  await touchCollection(tx, collectionId, counts.reinserted - counts.removed);
  return counts;
}

/** False for an undo from before chunks were noted: then every record that it changed has a note of its own. */
async function hasNotedChunk(tx: SqlTransaction, { undoId, chunk }: UndoneWork): Promise<boolean> {
  const rows = await tx`select from undo_chunks where undo_id = ${undoId} and chunk = ${chunk}`;
  return rows.length > 0;
}
