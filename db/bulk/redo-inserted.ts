import type { SqlTransaction } from "@/db/client";
import { noteOrigins } from "./import-givens";
import { keyHashExpression } from "./key-hash";
import { isInsertedExpression } from "./row-id";
import { stagingTable } from "./staging";
import type { UndoneWork } from "./undo-chunk";
import type { UndoCounts } from "./undo-run";
import { countInsertedRows, insertedRowsQuery, StagedRowsLostError } from "./undo-staged";

/**
 * Inserts the records of a chunk again: from the staged rows those that the undo removed as they had been inserted, from
 * the undo's own notes those that had been edited. What was gone already, or was kept, is not inserted anew.
 */
export async function insertAgain(
  tx: SqlTransaction,
  input: UndoneWork,
  inserted: number,
): Promise<Partial<UndoCounts>> {
  if ((await countInsertedRows(tx, input)) !== inserted) throw new StagedRowsLostError();
  const isOurs = tx.unsafe(isInsertedExpression(input, "record_id"));
  const [noted] = await tx<{ all: number; removed: number }[]>`
    select count(*)::int8 as all, count(*) filter (where op = 'delete')::int8 as removed
    from undo_entries where undo_id = ${input.undoId} and chunk = ${input.chunk} and ${isOurs}`;
  const { all = 0, removed = 0 } = noted ?? {};
  const fresh = await insertFresh(tx, input, all > 0);
  const images = removed > 0 ? await insertImages(tx, input) : 0;
  if (input.ids.by === "prefix") await noteOriginsAgain(tx, input);
  // A record that is there already was made again meanwhile, by hand: it stays as it is.
  return { reinserted: fresh + images, kept: inserted - all - fresh + (removed - images) };
}

async function insertFresh(tx: SqlTransaction, input: UndoneWork, someAreNoted: boolean): Promise<number> {
  const rows = insertedRowsQuery(input.importId, input.rules, input.ids);
  const isFresh = someAreNoted
    ? "where not exists (select from undo_entries u where u.undo_id = $7::uuid and u.chunk = $6 and u.record_id = i.id)"
    : "where $7::uuid is not null";
  const result = await tx.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash, source_import_id, version, created_at)
     select $4::uuid, i.id, $5::uuid, i.data, ${keyHashExpression(input.keyFields, "i.data")}, $1::uuid, i.version,
       coalesce(i.created_at, (select applied_at from journal_chunks where import_id = $1 and chunk = $6))
     from (${rows}) i ${isFresh}
     on conflict (collection_id, id) do nothing`,
    [
      input.importId,
      input.firstRow,
      input.lastRow,
      input.collectionId,
      input.ownerId,
      input.chunk,
      input.undoId,
    ],
  );
  return result.count;
}

/** Those that had been edited, as they then were; what the import had given them is noted beside. */
async function insertImages(tx: SqlTransaction, input: UndoneWork): Promise<number> {
  const isItsRow =
    input.ids.by === "stated"
      ? "s.source_id = back.id"
      : "s.row_number = ('x' || right(back.id::text, 8))::bit(32)::bigint";
  const [row] = await tx.unsafe<{ count: number }[]>(
    `with back as (
       insert into records (collection_id, id, owner_id, version, data, key_hash, source_import_id, created_at)
       select $1::uuid, u.record_id, $2::uuid, u.before_version + 1, u.before,
         ${keyHashExpression(input.keyFields, "u.before")}, u.before_source_import_id, u.before_created_at
       from undo_entries u
       where u.undo_id = $3::uuid and u.chunk = $5::int and ${isInsertedExpression(input, "u.record_id")} and u.op = 'delete'
       on conflict (collection_id, id) do nothing
       returning id, version
     ), noted as (
       insert into undo_entries (undo_id, chunk, record_id, op, after_version)
       select $4::uuid, $5::int, id, 'insert', version from back
     ), given as (
       insert into record_givens (collection_id, record_id, import_id, given, given_at)
       select $1::uuid, back.id, $6::uuid, s.data, k.applied_at
       from back join ${stagingTable(input.importId)} s on ${isItsRow}
         join journal_chunks k on k.import_id = $6::uuid and k.chunk = $5::int
       on conflict do nothing
     )
     select count(*)::int8 as count from back`,
    [input.collectionId, input.ownerId, input.undoId, input.redoId, input.chunk, input.importId],
  );
  return row?.count ?? 0;
}

/** Which record each id of a Ferry export became is lost when the undo removed the collection. */
async function noteOriginsAgain(tx: SqlTransaction, input: UndoneWork): Promise<void> {
  const [stated] = await tx.unsafe<{ any: boolean }[]>(
    `select exists (select from ${stagingTable(input.importId)}
       where row_number between $1 and $2 and source_id is not null) as any`,
    [input.firstRow, input.lastRow],
  );
  if (stated?.any) {
    await noteOrigins(tx, { ...input, stagedHashIsOwn: false, unmappedFields: [], deliveries: [] });
  }
}
