import type { SqlTransaction } from "@/db/client";
import { ConcurrentEditError } from "./import-apply";
import { journalBounds } from "./journal-bounds";
import { keyHashExpression } from "./key-hash";
import type { UndoneWork } from "./undo-chunk";
import { StagedRowsLostError } from "./undo-staged";
import { IS_AS_BEFORE, isUntouched, notedQuery, type UndoCounts } from "./undo-run";
import { writtenRowsQuery } from "./written-rows";

/**
 * Makes of the records that a chunk had updated, and of which the undo noted nothing, what the import had made of them.
 * Those edited since the undo are left alone and are no longer part of the import; of these the redo notes that. Before
 * `updateAgain`, which sees to those that the undo did note.
 * @throws StagedRowsLostError when the staged rows no longer tell what the import had made of its records
 */
export async function writeAgain(tx: SqlTransaction, input: UndoneWork): Promise<Partial<UndoCounts>> {
  const { undoId, redoId, chunk, importId } = input;
  const bounds = await journalBounds(tx, { of: "import", id: importId, chunk });
  if (!bounds) return {};
  const written = await tx.unsafe(
    `update records r set data = w.data, key_hash = ${keyHashExpression(input.keyFields, "w.data")},
       source_import_id = $1::uuid, version = r.version + 1, changed_xid = pg_current_xact_id(), updated_at = now()
     from (${writtenRowsQuery(input)}) w
     where r.collection_id = $4 and r.id = w.record_id and w.after_version <> 0 and r.version = w.after_version + 1
       and r.id between $5::uuid and $6::uuid and not exists (${noteOf("w.record_id")})`,
    [importId, chunk, undoId, input.collectionId, bounds.first, bounds.last],
  );
  // A following undo knows those by their version that nobody has edited.
  const implied = await tx.unsafe(
    `update journal_entries e set after_version = e.after_version + 2
     where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and e.after_version <> 0
       and not exists (${noteOf("e.record_id")})`,
    [importId, chunk, undoId],
  );
  if (written.count === implied.count) return { restored: written.count };
  if ((await countWritten(tx, input)) !== implied.count) throw new StagedRowsLostError();
  const changedBack = await noteOthers(tx, input);
  if (changedBack > 0) await writeChangedBack(tx, input, changedBack);
  await tx`
    update journal_entries e set after_version = coalesce(n.after_version, 0)
    from undo_entries n
    where n.undo_id = ${redoId} and n.chunk = ${chunk} and n.op in ('update', 'kept', 'absent')
      and e.import_id = ${importId} and e.chunk = n.chunk and e.record_id = n.record_id and e.op = 'update'`;
  const restored = written.count + changedBack;
  return { restored, kept: implied.count - restored };
}

async function countWritten(tx: SqlTransaction, input: UndoneWork): Promise<number> {
  const [row] = await tx.unsafe<{ count: number }[]>(
    `select count(*)::int8 as count from (${writtenRowsQuery(input)}) w
     where $1::uuid is not null and w.after_version <> 0 and not exists (${noteOf("w.record_id")})`,
    [input.importId, input.chunk, input.undoId],
  );
  return row?.count ?? 0;
}

/** SQL text of a query for what the undo $3 noted of a record of the chunk $2. */
function noteOf(recordId: string): string {
  return `select from undo_entries u where u.undo_id = $3::uuid and u.chunk = $2 and u.record_id = ${recordId}`;
}

/**
 * Notes records that are not as the undo had left them. One that is what it was before the import is brought back all the
 * same: a later import had changed it and was undone.
 * @returns how many of them are brought back
 */
async function noteOthers(tx: SqlTransaction, input: UndoneWork): Promise<number> {
  const [noted] = await tx.unsafe<{ update: number }[]>(
    `with seen as (
       select e.record_id, r.id, r.data, r.version, r.source_import_id, r.created_at, r.updated_at,
         case when r.id is null then 'absent'
           when ${IS_AS_BEFORE} then 'update'
           else 'kept' end as op
       from journal_entries e left join records r on r.collection_id = $4 and r.id = e.record_id
       where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and e.after_version <> 0
         and ${isUntouched("r")} and not exists (${noteOf("e.record_id")})
     ), ${notedQuery({ run: 5, chunk: 2 })}
     select (count(*) filter (where op = 'update'))::int8 as update from noted`,
    [input.importId, input.chunk, input.undoId, input.collectionId, input.redoId],
  );
  return noted?.update ?? 0;
}

async function writeChangedBack(tx: SqlTransaction, input: UndoneWork, expected: number): Promise<void> {
  const result = await tx.unsafe(
    `update records r set data = w.data, key_hash = ${keyHashExpression(input.keyFields, "w.data")},
       source_import_id = $1::uuid, version = r.version + 1, changed_xid = pg_current_xact_id(), updated_at = now()
     from (${writtenRowsQuery(input)}) w
       join undo_entries n on n.undo_id = $3 and n.chunk = $2 and n.record_id = w.record_id and n.op = 'update'
     where r.collection_id = $4 and r.id = w.record_id and r.version = n.before_version`,
    [input.importId, input.chunk, input.redoId, input.collectionId],
  );
  if (result.count !== expected) throw new ConcurrentEditError();
}
