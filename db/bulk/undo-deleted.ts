import type { SqlTransaction } from "@/db/client";
import { keyHashExpression } from "./key-hash";
import type { UndoChunkInput } from "./undo-chunk";

/**
 * Puts records back that the chunk had deleted; one that is there again already is left alone. An undo counts as a change
 * of theirs and notes it; a rollback brings back the very version, times included.
 */
export async function putBackDeleted(tx: SqlTransaction, input: UndoChunkInput): Promise<number> {
  const { mode } = input;
  const exactly = mode.kind === "rollback";
  const [row] = await tx.unsafe<{ count: number }[]>(
    `with back as (
       insert into records (collection_id, id, owner_id, version, data, key_hash, source_import_id, created_at, updated_at)
       select $3::uuid, e.record_id, $4::uuid, ${exactly ? "e.before_version" : "e.before_version + 1"}, e.before,
         ${keyHashExpression(input.keyFields, "e.before")}, e.before_source_import_id, e.before_created_at,
         ${exactly ? "e.before_updated_at" : "now()"}
       from journal_entries e
       where e.import_id = $1 and e.chunk = $2 and e.op = 'delete' and e.after_version is distinct from 0
       on conflict (collection_id, id) do nothing
       returning id, version
     ), noted as (
       insert into undo_entries (undo_id, chunk, record_id, op, after_version)
       select $5::uuid, $2::int, id, 'insert', version from back where $5::uuid is not null
     )
     select count(*)::int8 as count from back`,
    [input.importId, input.chunk, input.collectionId, input.ownerId, exactly ? null : mode.undoId],
  );
  return row?.count ?? 0;
}
