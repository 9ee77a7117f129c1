import type { SqlTransaction } from "@/db/client";
import { ConcurrentEditError } from "./import-apply";
import { journalBounds } from "./journal-bounds";
import { keyHashExpression } from "./key-hash";
import type { UndoChunkInput, UndoneChunk } from "./undo-chunk";
import {
  choiceQuery,
  isUntouched,
  keepOtherGivens,
  notedQuery,
  takenBackExpression,
  type UndoCounts,
} from "./undo-run";

/** Gives every record that the chunk updated back what it was before, versions and times included. */
export async function restoreExactly(tx: SqlTransaction, input: UndoChunkInput): Promise<number> {
  const bounds = await journalBounds(tx, { of: "import", id: input.importId, chunk: input.chunk });
  if (!bounds) return 0;
  const result = await tx.unsafe(
    `update records r set data = e.before, key_hash = ${keyHashExpression(input.keyFields, "e.before")},
       source_import_id = e.before_source_import_id, version = e.before_version, updated_at = e.before_updated_at,
       changed_xid = pg_current_xact_id()
     from journal_entries e
     where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and r.collection_id = $3 and r.id = e.record_id
       and r.id between $4::uuid and $5::uuid`,
    [input.importId, input.chunk, input.collectionId, bounds.first, bounds.last],
  );
  return result.count;
}

/**
 * Gives the records that the chunk updated (`updated` of them) back what they had before, those edited since as the
 * person chose. Of those that are as the import had left them nothing is noted: what it had made of them can be reckoned
 * again (written-rows.ts). All else is, for the redo.
 */
export async function restoreUpdated(
  tx: SqlTransaction,
  input: UndoneChunk,
  updated: number,
): Promise<Partial<UndoCounts>> {
  const bounds = await journalBounds(tx, { of: "import", id: input.importId, chunk: input.chunk });
  if (!bounds) throw new Error(`the journal of import ${input.importId} lacks its chunk ${input.chunk}`);
  const restored = await tx.unsafe(
    `update records r set data = e.before, key_hash = ${keyHashExpression(input.keyFields, "e.before")},
       source_import_id = e.before_source_import_id, version = r.version + 1, changed_xid = pg_current_xact_id(),
       updated_at = now()
     from journal_entries e
     where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and r.collection_id = $3 and r.id = e.record_id
       and r.version = e.after_version and r.id between $4::uuid and $5::uuid`,
    [input.importId, input.chunk, input.collectionId, bounds.first, bounds.last],
  );
  if (restored.count === updated) return { restored: updated };
  const reverted = await revertEdited(tx, input);
  const remaining = await countRemaining(tx, input);
  const touched = restored.count + reverted;
  return { restored: touched, kept: remaining.there - touched, gone: remaining.all - remaining.there };
}

/**
 * Takes records back that are no longer at the version the import led to, as far as that was chosen, and notes of each
 * what becomes of it.
 */
async function revertEdited(tx: SqlTransaction, input: UndoneChunk): Promise<number> {
  const { importId, chunk, collectionId, mode } = input;
  const resolution = "coalesce(c.resolution, $5::text)";
  const parameters = [importId, chunk, collectionId, mode.undoId, mode.changedSince];
  // Like an unedited one: a record that the import was the last to write, a later import's change having been undone.
  const [noted] = await tx.unsafe<{ update: number }[]>(
    `with ${choiceQuery(4)}, seen as (
       select e.record_id, r.id, r.data, r.version, r.source_import_id, r.created_at, r.updated_at,
         case when r.id is null then 'absent'
           when r.source_import_id = $1 or cardinality(coalesce(c.fields, '{}')) > 0 or ${resolution} = 'revert'
           then 'update' else 'kept' end as op
       from journal_entries e left join records r on r.collection_id = $3 and r.id = e.record_id
         left join choice c on c.record_id = e.record_id
       where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and e.after_version <> 0
         and ${isUntouched("r")}
     ), ${notedQuery({ run: 4, chunk: 2 })}
     select (count(*) filter (where op = 'update'))::int8 as update from noted`,
    parameters,
  );
  if (!noted?.update) return 0;
  await keepOtherGivens(tx, { ...input, undoId: mode.undoId });
  const isPartial = "(r.source_import_id is distinct from $1 and cardinality(coalesce(c.fields, '{}')) > 0)";
  const reverted = await tx.unsafe(
    `with ${choiceQuery(4)}, reverted as (
       select r.id, r.version, case when ${isPartial} then null else e.before_source_import_id end as source_import_id,
         case when ${isPartial} then ${takenBackExpression(resolution, "e.before", "r.data")} else e.before end as data
       from undo_entries u
         join journal_entries e on e.import_id = $1 and e.chunk = u.chunk and e.record_id = u.record_id
           and e.op = 'update'
         join records r on r.collection_id = $3 and r.id = u.record_id and r.version = u.before_version
         left join choice c on c.record_id = u.record_id
       where u.undo_id = $4 and u.chunk = $2 and u.op = 'update'
     )
     update records r set data = t.data, key_hash = ${keyHashExpression(input.keyFields, "t.data")},
       source_import_id = t.source_import_id, version = r.version + 1, changed_xid = pg_current_xact_id(),
       updated_at = now()
     from reverted t where r.collection_id = $3 and r.id = t.id and r.version = t.version`,
    parameters,
  );
  if (reverted.count !== noted.update) throw new ConcurrentEditError();
  return reverted.count;
}

async function countRemaining(
  tx: SqlTransaction,
  input: UndoneChunk,
): Promise<{ all: number; there: number }> {
  const [row] = await tx<{ all: number; there: number }[]>`
    select count(*)::int8 as all, count(r.id)::int8 as there
    from journal_entries e left join records r on r.collection_id = ${input.collectionId} and r.id = e.record_id
    where e.import_id = ${input.importId} and e.chunk = ${input.chunk} and e.op = 'update'`;
  return row ?? { all: 0, there: 0 };
}
