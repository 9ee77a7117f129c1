import type { AnySql, SqlTransaction } from "@/db/client";
import { rowId } from "@/lib/platform/ids";
import { touchCollection } from "./import-apply";
import { keyHashExpression } from "./key-hash";
import { planTable, stagingTable } from "./staging";

export interface UndoChunkInput {
  importId: string;
  collectionId: string;
  idPrefix: string;
  keyFields: readonly string[];
  chunk: number;
  firstRow: number;
  lastRow: number;
  /**
   * rollback: the import failed and nothing of it may remain, versions and times included. undo: a change of its own,
   * later than the import; records edited since are kept or reverted as the person says.
   */
  mode: "rollback" | "undo";
  changedSince: "keep" | "revert";
  /** Records for which the opposite of `changedSince` was chosen. */
  exceptions: readonly string[];
}

export interface UndoCounts {
  removed: number;
  restored: number;
  kept: number;
}

/**
 * Takes one applied chunk back in the caller's transaction. Undefined when that has already been done: the chunk's mark
 * makes a repeated step harmless.
 */
export async function undoChunk(tx: SqlTransaction, input: UndoChunkInput): Promise<UndoCounts | undefined> {
  const { importId, collectionId, chunk } = input;
  const [marked] = await tx<{ inserted: number; updated: number }[]>`
    update journal_chunks set undone_at = now()
    where import_id = ${importId} and chunk = ${chunk} and undone_at is null returning inserted, updated`;
  if (!marked) return undefined;

  const removed = marked.inserted === 0 ? 0 : await removeInserted(tx, input);
  const restored = marked.updated === 0 ? 0 : await restoreUpdated(tx, input);
  await touchCollection(tx, collectionId, -removed);
  return { removed, restored, kept: marked.inserted + marked.updated - removed - restored };
}

async function removeInserted(tx: SqlTransaction, input: UndoChunkInput): Promise<number> {
  const result = await tx.unsafe(
    `delete from records r
     where r.collection_id = $1 and r.id between $2::uuid and $3::uuid and (r.version = 1 or ${revertCondition("r.id", 4)})`,
    [
      input.collectionId,
      rowId(input.idPrefix, input.firstRow),
      rowId(input.idPrefix, input.lastRow),
      input.mode === "rollback" || input.changedSince === "revert",
      input.exceptions as string[],
    ],
  );
  return result.count;
}

async function restoreUpdated(tx: SqlTransaction, input: UndoChunkInput): Promise<number> {
  const exactly = input.mode === "rollback";
  const result = await tx.unsafe(
    `update records r set data = e.before, key_hash = ${keyHashExpression(input.keyFields, "e.before")},
       source_import_id = e.before_source_import_id, changed_xid = pg_current_xact_id(),
       version = ${exactly ? "e.before_version" : "r.version + 1"},
       updated_at = ${exactly ? "e.before_updated_at" : "now()"}
     from journal_entries e
     where e.import_id = $1 and e.chunk = $2 and e.op = 'update' and r.collection_id = $3 and r.id = e.record_id
       and (r.version = e.after_version or ${revertCondition("r.id", 4)})`,
    [
      input.importId,
      input.chunk,
      input.collectionId,
      exactly || input.changedSince === "revert",
      input.exceptions as string[],
    ],
  );
  return result.count;
}

/** SQL text: a record edited since is taken back all the same. Parameters: revert by default, exceptions. */
function revertCondition(id: string, first: number): string {
  return `$${first}::boolean <> (${id} = any($${first + 1}::uuid[]))`;
}

export interface UndoPreview {
  toRemove: number;
  toRestore: number;
  changedSince: { recordId: string; kind: "inserted" | "updated"; fields: string[]; version: number }[];
  changedSinceCount: number;
}

/**
 * What undoing an import would do. `fields` names what differs from what the import wrote, as long as its staged rows
 * are kept. At most `limit` edited records are listed; all are counted.
 */
export async function previewUndo(
  sql: AnySql,
  input: { importId: string; collectionId: string; idPrefix: string; lastRow: number; limit: number },
): Promise<UndoPreview> {
  const range = [rowId(input.idPrefix, 1), rowId(input.idPrefix, input.lastRow)];
  const [inserted] = await sql<{ same: number; edited: number }[]>`
    select count(*) filter (where version = 1)::int8 as same, count(*) filter (where version > 1)::int8 as edited
    from records where collection_id = ${input.collectionId} and id between ${range[0]!}::uuid and ${range[1]!}::uuid`;
  const [updated] = await sql<{ same: number; edited: number }[]>`
    select count(*) filter (where r.version = e.after_version)::int8 as same,
      count(*) filter (where r.version <> e.after_version)::int8 as edited
    from journal_entries e join records r on r.collection_id = ${input.collectionId} and r.id = e.record_id
    where e.import_id = ${input.importId} and e.op = 'update'`;
  const edited = (inserted?.edited ?? 0) + (updated?.edited ?? 0);
  const changedSince =
    edited === 0
      ? []
      : await sql.unsafe<UndoPreview["changedSince"]>(
          `with edited as (
             select r.id, 'inserted' as kind, r.version, r.data, s.data as written
             from records r left join ${stagingTable(input.importId)} s
               on s.row_number = ('x' || right(r.id::text, 8))::bit(32)::int
             where r.collection_id = $2 and r.id between $3::uuid and $4::uuid and r.version > 1
             union all
             select r.id, 'updated', r.version, r.data, s.data
             from journal_entries e join records r on r.collection_id = $2 and r.id = e.record_id
               left join ${planTable(input.importId)} p on p.record_id = r.id
               left join ${stagingTable(input.importId)} s on s.row_number = p.row_number
             where e.import_id = $1 and e.op = 'update' and r.version <> e.after_version
           )
           select id as "recordId", kind, version, array(
             select k from (select jsonb_object_keys(data) union select jsonb_object_keys(written)) keys(k)
             where (data -> k) is distinct from (written -> k) and (kind = 'inserted' or written ? k) order by k) as fields
           from edited order by id limit $5`,
          [input.importId, input.collectionId, range[0]!, range[1]!, input.limit],
        );
  return {
    toRemove: inserted?.same ?? 0,
    toRestore: updated?.same ?? 0,
    changedSince: [...changedSince],
    changedSinceCount: edited,
  };
}
