import type { SqlTransaction } from "@/db/client";
import { ConcurrentEditError } from "./import-apply";
import { journalBounds } from "./journal-bounds";
import { keyHashExpression } from "./key-hash";
import type { UndoneWork } from "./undo-chunk";
import { choiceQuery, IS_AS_BEFORE, type UndoCounts } from "./undo-run";

/**
 * Gives the records that the undo changed the state back that they had before it, unless they were edited since. With
 * `hasUpdates` false only records that the chunk inserted can be among them: fields of theirs were taken back.
 */
export async function updateAgain(
  tx: SqlTransaction,
  input: UndoneWork,
  hasUpdates: boolean,
): Promise<Partial<UndoCounts>> {
  const { undoId, chunk, collectionId, redoId, importId } = input;
  const bounds = await journalBounds(tx, { of: "undo", id: undoId, chunk });
  if (!bounds) return {};
  const changed = tx`from undo_entries u
    join records r on r.collection_id = ${collectionId} and r.id = u.record_id
    where u.undo_id = ${undoId} and u.chunk = ${chunk} and u.op = 'update'
      and r.id between ${bounds.first} and ${bounds.last}`;
  const columns = tx`undo_id, chunk, record_id, op, before, before_version, before_source_import_id,
    before_created_at, before_updated_at, after_version`;
  const values = tx`${redoId}::uuid, ${chunk}::int, r.id, 'update', r.data, r.version, r.source_import_id, r.created_at,
    r.updated_at, r.version + 1`;
  const [known] = await tx<{ count: number }[]>`
    select count(*)::int8 as count from undo_entries u
    where u.undo_id = ${undoId} and u.chunk = ${chunk} and u.op = 'update'`;
  const expected = known?.count ?? 0;
  if (expected === 0) return {};

  let noted = (
    await tx`insert into undo_entries (${columns}) select ${values} ${changed} and r.version = u.after_version`
  ).count;
  if (noted < expected) {
    // Changed since, and changed back: a later import was applied and undone.
    noted += (
      await tx`
        insert into undo_entries (${columns}) select ${values} ${changed} and r.version <> u.after_version
          and exists (select from journal_entries e
            where e.import_id = ${importId} and e.chunk = u.chunk and e.record_id = u.record_id and e.op = 'update'
              and ${tx.unsafe(IS_AS_BEFORE)})`
    ).count;
  }
  const hash = tx.unsafe(keyHashExpression(input.keyFields, "u.before"));
  const updated = await tx`
    update records r set data = u.before, key_hash = ${hash}, source_import_id = u.before_source_import_id,
      version = r.version + 1, changed_xid = pg_current_xact_id(), updated_at = now()
    from undo_entries u
      join undo_entries n on n.undo_id = ${redoId} and n.chunk = u.chunk and n.record_id = u.record_id
    where u.undo_id = ${undoId} and u.chunk = ${chunk} and u.op = 'update'
      and r.collection_id = ${collectionId} and r.id = u.record_id and r.version = n.before_version
      and r.id between ${bounds.first} and ${bounds.last}`;
  if (updated.count !== noted) throw new ConcurrentEditError();
  // A following undo knows those by their version that nobody had edited before this one either.
  await tx`
    update journal_entries e set after_version = n.after_version
    from undo_entries u
      join undo_entries n on n.undo_id = ${redoId} and n.chunk = u.chunk and n.record_id = u.record_id
    where u.undo_id = ${undoId} and u.chunk = ${chunk} and u.op = 'update'
      and e.import_id = ${importId} and e.chunk = u.chunk and e.record_id = u.record_id and e.op = 'update'
      and (u.before_version = e.after_version or u.before_source_import_id = ${importId})`;
  if (noted < expected && hasUpdates) await leaveToTheirEditors(tx, input);
  return { restored: noted, kept: expected - noted };
}

/** Records that were edited since the undo had taken them back as a whole: nothing of the import is in them any more. */
async function leaveToTheirEditors(tx: SqlTransaction, input: UndoneWork): Promise<void> {
  await tx.unsafe(
    `with ${choiceQuery(1)}
     update journal_entries e set after_version = 0
     from undo_entries u left join choice c on c.record_id = u.record_id
     where u.undo_id = $1 and u.op = 'update' and u.chunk = $2 and e.import_id = $3 and e.chunk = u.chunk
       and e.record_id = u.record_id and e.op = 'update' and cardinality(coalesce(c.fields, '{}')) = 0
       and not exists (select from undo_entries n where n.undo_id = $4 and n.chunk = u.chunk and n.record_id = u.record_id)`,
    [input.undoId, input.chunk, input.importId, input.redoId],
  );
}
