import type { SqlTransaction } from "@/db/client";
import { ConcurrentEditError } from "./import-apply";
import type { UndoneWork } from "./undo-chunk";
import { IS_AS_BEFORE, type UndoCounts } from "./undo-run";

/** Deletes records again that the undo had put back, unless they were edited since. */
export async function deleteAgain(tx: SqlTransaction, input: UndoneWork): Promise<Partial<UndoCounts>> {
  const { undoId, redoId, chunk, collectionId, importId } = input;
  const [known] = await tx<{ count: number }[]>`
    select count(*)::int8 as count from undo_entries
    where undo_id = ${undoId} and chunk = ${chunk} and op = 'insert'`;
  const noted = await tx`
    insert into undo_entries (undo_id, chunk, record_id, op, before, before_version, before_source_import_id,
      before_created_at, before_updated_at)
    select ${redoId}::uuid, ${chunk}::int, r.id, 'delete', r.data, r.version, r.source_import_id, r.created_at,
      r.updated_at
    from undo_entries u
      join records r on r.collection_id = ${collectionId} and r.id = u.record_id
      join journal_entries e on e.import_id = ${importId} and e.chunk = u.chunk and e.record_id = u.record_id
        and e.op = 'delete'
    where u.undo_id = ${undoId} and u.chunk = ${chunk} and u.op = 'insert'
      and (r.version = u.after_version
        or ${tx.unsafe(IS_AS_BEFORE)})`;
  const deleted = await tx`
    delete from records r using undo_entries n
    where n.undo_id = ${redoId} and n.chunk = ${chunk} and n.op = 'delete'
      and r.collection_id = ${collectionId} and r.id = n.record_id and r.version = n.before_version`;
  if (deleted.count !== noted.count) throw new ConcurrentEditError();
  // Edited, deleted or made again by hand since: a following undo has nothing to put back here.
  await tx`
    update journal_entries e set after_version = 0
    where e.import_id = ${importId} and e.chunk = ${chunk} and e.op = 'delete'
      and not exists (select from undo_entries n where n.undo_id = ${redoId} and n.chunk = e.chunk and n.record_id = e.record_id)`;
  return { removed: deleted.count, kept: (known?.count ?? 0) - deleted.count };
}
