import type { SqlTransaction } from "@/db/client";
import { ConcurrentEditError } from "./import-apply";
import { keyHashExpression } from "./key-hash";
import { isFreshExpression, isInsertedExpression } from "./row-id";
import type { UndoChunkInput, UndoneChunk } from "./undo-chunk";
import { choiceQuery, keepOtherGivens, notedQuery, takenBackExpression, type UndoCounts } from "./undo-run";
import { insertedRowsQuery } from "./undo-staged";

/** Removes every record that the chunk inserted, edited or not. */
export async function dropInserted(tx: SqlTransaction, input: UndoChunkInput): Promise<number> {
  const inserted = tx.unsafe(isInsertedExpression(input));
  const result = await tx`delete from records where collection_id = ${input.collectionId} and ${inserted}`;
  return result.count;
}

/**
 * Removes the records that the chunk inserted (`inserted` of them), those edited since as the person chose. Of records
 * removed just as they had been inserted nothing is noted: the staged rows have them. All else is, for the redo.
 */
export async function removeInserted(
  tx: SqlTransaction,
  input: UndoneChunk,
  inserted: number,
): Promise<Partial<UndoCounts>> {
  const isOurs = () => tx.unsafe(isInsertedExpression(input));
  const isFresh = () => tx.unsafe(isFreshExpression(input));
  const [seen] = await tx<{ fresh: number; all: number }[]>`
    select count(*)::int8 as all, count(*) filter (where ${isFresh()})::int8 as fresh from records
    where collection_id = ${input.collectionId} and ${isOurs()}`;
  const { fresh = 0, all = 0 } = seen ?? {};
  const gone = all < inserted ? await noteAbsent(tx, input) : 0;
  const noted = all > fresh ? await noteEdited(tx, input) : { delete: 0, update: 0, kept: 0 };
  const removed = await tx`
    delete from records where collection_id = ${input.collectionId} and ${isOurs()} and ${isFresh()}`;
  if (removed.count !== fresh) throw new ConcurrentEditError();
  if (noted.delete + noted.update > 0) {
    await keepOtherGivens(tx, { ...input, undoId: input.mode.undoId });
    await removeNoted(tx, input, noted.delete);
    await revertFields(tx, input, noted.update);
  }
  return { removed: fresh + noted.delete, restored: noted.update, kept: noted.kept, gone };
}

/** Notes inserted records that somebody has removed since: a redo must not bring them back. */
async function noteAbsent(tx: SqlTransaction, input: UndoneChunk): Promise<number> {
  const rows = insertedRowsQuery(input.importId, input.mode.rules, input.ids);
  const result = await tx.unsafe(
    `insert into undo_entries (undo_id, chunk, record_id, op)
     select $4::uuid, $5::int, i.id, 'absent' from (${rows}) i
     where not exists (select from records r where r.collection_id = $6 and r.id = i.id)`,
    [input.importId, input.firstRow, input.lastRow, input.mode.undoId, input.chunk, input.collectionId],
  );
  return result.count;
}

/**
 * Notes inserted records that are no longer as they were inserted, each with what is going to be done with it. One that
 * the import was the last to write all the same (a later import changed it and was undone) counts as unedited.
 */
async function noteEdited(
  tx: SqlTransaction,
  input: UndoneChunk,
): Promise<{ delete: number; update: number; kept: number }> {
  const rows = await tx.unsafe<{ op: "delete" | "update" | "kept"; count: number }[]>(
    `with ${choiceQuery(2)}, seen as (
       select r.*, r.id as record_id, case when r.source_import_id = $5::uuid then 'delete'
         when cardinality(c.fields) > 0 then 'update'
         when coalesce(c.resolution, $4::text) = 'revert' then 'delete' else 'kept' end as op
       from records r left join choice c on c.record_id = r.id
       where r.collection_id = $1 and ${isInsertedExpression(input, "r.id")} and not ${isFreshExpression(input, "r")}
     ), ${notedQuery({ run: 2, chunk: 3 })}
     select op, count(*)::int8 as count from noted group by op`,
    [input.collectionId, input.mode.undoId, input.chunk, input.mode.changedSince, input.importId],
  );
  const count = (op: string) => rows.find((r) => r.op === op)?.count ?? 0;
  return { delete: count("delete"), update: count("update"), kept: count("kept") };
}

async function removeNoted(tx: SqlTransaction, input: UndoneChunk, expected: number): Promise<void> {
  const inserted = tx.unsafe(isInsertedExpression(input, "u.record_id"));
  const result = await tx`
    delete from records r using undo_entries u
    where u.undo_id = ${input.mode.undoId} and u.chunk = ${input.chunk} and ${inserted} and u.op = 'delete'
      and r.collection_id = ${input.collectionId} and r.id = u.record_id and r.version = u.before_version`;
  if (result.count !== expected) throw new ConcurrentEditError();
}

/** Takes single fields back, as chosen: before the import there was nothing, so their values go. */
async function revertFields(tx: SqlTransaction, input: UndoneChunk, expected: number): Promise<void> {
  if (expected === 0) return;
  const resolution = "coalesce(c.resolution, $3::text)";
  const result = await tx.unsafe(
    `with ${choiceQuery(2)}, reverted as (
       select u.record_id, u.before_version, ${takenBackExpression(resolution, "'{}'::jsonb", "u.before")} as data
       from undo_entries u join choice c on c.record_id = u.record_id
       where u.undo_id = $2 and u.chunk = $4 and ${isInsertedExpression(input, "u.record_id")} and u.op = 'update'
     )
     update records r set data = t.data, key_hash = ${keyHashExpression(input.keyFields, "t.data")},
       source_import_id = null, version = r.version + 1, changed_xid = pg_current_xact_id(), updated_at = now()
     from reverted t where r.collection_id = $1 and r.id = t.record_id and r.version = t.before_version`,
    [input.collectionId, input.mode.undoId, input.mode.changedSince, input.chunk],
  );
  if (result.count !== expected) throw new ConcurrentEditError();
}
