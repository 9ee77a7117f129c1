import type { AnySql, SqlTransaction } from "@/db/client";
import { actionExpression, changedDataExpression } from "./import-actions";
import type { ChunkCounts, ChunkInput } from "./import-chunk";
import { rowSources, tallyActions } from "./import-count";
import { keepEarlierGivens, noteDeclined, noteOrigins, noteUnchanged } from "./import-givens";
import { keyHashExpression, literal } from "./key-hash";
import { rowIdExpression, statedVersion } from "./row-id";
import { goneTable, planTable, stagingTable } from "./staging";

/**
 * Applies one chunk of a plan in the caller's transaction: records, journal, marker, and the collection's totals.
 * Returns undefined when the chunk is already in (the marker is found), so that a repeated step does no harm. Updates
 * only touch a record whose version is still the planned one; others are left alone and counted as skipped.
 */
export async function applyChunk(tx: SqlTransaction, input: ChunkInput): Promise<ChunkCounts | undefined> {
  const { importId, collectionId, firstRow, lastRow, rules } = input;
  if (!(await markChunk(tx, input, false))) return undefined;
  // Counted before anything changes: an updated record would count as unchanged afterwards.
  const planned = await tallyActions(tx, importId, rules, { first: firstRow, last: lastRow });
  const counts: ChunkCounts = {
    inserted: 0,
    updated: 0,
    deleted: 0,
    unchanged: planned.unchanged,
    skipped: planned.skip + planned.ask,
    invalid: planned.invalid,
  };
  // A backup is no source whose next delivery is merged with what it gave before, and its records keep their ids.
  const isSource = input.ids.by === "prefix";
  if (isSource && planned.remembered > 0) await noteUnchanged(tx, input);
  if (isSource && planned.differing.skip + planned.differing.unchanged > 0) await noteDeclined(tx, input);
  if (planned.update > 0) {
    counts.updated = await updateRecords(tx, input);
    counts.skipped += planned.update - counts.updated;
  }
  const unmatched = planned.insert - planned.differing.insert;
  if (unmatched > 0) {
    counts.inserted += isSource ? await insertUnmatched(tx, input) : await insertStated(tx, input, unmatched);
  }
  if (planned.differing.insert > 0) counts.inserted += await insertBeside(tx, input);
  if (isSource && planned.withOrigin > 0) await noteOrigins(tx, input);
  await tx`update journal_chunks set inserted = ${counts.inserted}, updated = ${counts.updated},
             skipped = ${counts.skipped} where import_id = ${importId} and chunk = ${input.chunk}`;
  // Last, since chunks that run side by side meet at this row.
  await touchCollection(tx, collectionId, counts.inserted);
  return counts;
}

/**
 * Removes one chunk of the records that a replacing import's file does not have; firstRow…lastRow are ordinals of the
 * list made with the plan. The same promises as `applyChunk`.
 */
export async function deleteChunk(tx: SqlTransaction, input: ChunkInput): Promise<ChunkCounts | undefined> {
  const { importId, collectionId, chunk, firstRow, lastRow } = input;
  if (!(await markChunk(tx, input, true))) return undefined;
  const [row] = await tx.unsafe<{ deleted: number }[]>(
    `with deleted as (
       delete from records r using ${goneTable(importId)} g
       where g.ordinal between $3 and $4 and r.collection_id = $2 and r.id = g.record_id
         and r.version = g.record_version
       returning r.id, r.data, r.version, r.source_import_id, r.created_at, r.updated_at
     ), journalled as (
       insert into journal_entries (import_id, chunk, record_id, op, before, before_version, before_source_import_id,
         before_created_at, before_updated_at)
       select $1::uuid, $5::int, id, 'delete', data, version, source_import_id, created_at, updated_at from deleted
     )
     select count(*)::int8 as deleted from deleted`,
    [importId, collectionId, firstRow, lastRow, chunk],
  );
  const deleted = row?.deleted ?? 0;
  const skipped = lastRow - firstRow + 1 - deleted;
  await tx`update journal_chunks set deleted = ${deleted}, skipped = 0
           where import_id = ${importId} and chunk = ${chunk}`;
  await touchCollection(tx, collectionId, -deleted);
  return { inserted: 0, updated: 0, deleted, unchanged: 0, skipped, invalid: 0 };
}

async function markChunk(tx: SqlTransaction, input: ChunkInput, isDeletion: boolean): Promise<boolean> {
  const [marker] = await tx`
    insert into journal_chunks (import_id, chunk, first_row, last_row, inserted, updated, is_deletion)
    values (${input.importId}, ${input.chunk}, ${input.firstRow}, ${input.lastRow}, 0, 0, ${isDeletion})
    on conflict do nothing returning chunk`;
  return marker !== undefined;
}

const RANGE = "s.row_number between $2 and $3 and s.errors is null";

/** Rows that are no record yet. */
async function insertUnmatched(tx: SqlTransaction, input: ChunkInput): Promise<number> {
  return await insertFrom(
    tx,
    input,
    `from ${stagingTable(input.importId)} s where ${RANGE} and not exists (
       select from ${planTable(input.importId)} p
       where p.row_number = s.row_number and p.row_number between $2 and $3)`,
  );
}

/** Rows that clash with a record, and are kept beside it. */
async function insertBeside(tx: SqlTransaction, input: ChunkInput): Promise<number> {
  return await insertFrom(
    tx,
    input,
    `${rowSources(input.importId, "range")} where ${RANGE} and not p.same and ${actionExpression(input.rules)} = 'insert'`,
  );
}

async function insertFrom(tx: SqlTransaction, input: ChunkInput, rows: string): Promise<number> {
  const hash = input.stagedHashIsOwn ? "s.key_hash" : keyHashExpression(input.keyFields, "s.data");
  const result = await tx.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash, source_import_id)
     select $4::uuid, ${rowIdExpression(input.ids)}, $5::uuid, s.data, ${hash}, $1::uuid
     ${rows}`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId, input.ownerId],
  );
  return result.count;
}

/** Rows of a backup whose records are no more: they come back under their ids. */
async function insertStated(tx: SqlTransaction, input: ChunkInput, expected: number): Promise<number> {
  const hash = input.stagedHashIsOwn ? "s.key_hash" : keyHashExpression(input.keyFields, "s.data");
  const { version, createdAt, join } = statedVersion(input.importId);
  // Without "on conflict", which costs every row half as much again for the sake of one that hardly ever comes.
  const result = await tx
    .unsafe(
      `insert into records (collection_id, id, owner_id, data, key_hash, source_import_id, version, created_at)
       select $4::uuid, s.source_id, $5::uuid, s.data, ${hash}, $1::uuid, ${version}, ${createdAt}
       from ${stagingTable(input.importId)} s ${join}
       where ${RANGE} and not exists (
         select from ${planTable(input.importId)} p
         where p.row_number = s.row_number and p.row_number between $2 and $3)`,
      [input.importId, input.firstRow, input.lastRow, input.collectionId, input.ownerId],
    )
    .catch((error: unknown) => {
      throw (error as { code?: string }).code === UNIQUE_VIOLATION ? new RecordReturnedError() : error;
    });
  if (result.count !== expected) throw new RecordReturnedError();
  return result.count;
}

const UNIQUE_VIOLATION = "23505";

/** Somebody has put a record back, under its id, that a restore was about to bring back: its plan no longer holds. */
export class RecordReturnedError extends Error {
  constructor() {
    super("A record has been put back by hand in the moment in which it was restored.");
    this.name = "RecordReturnedError";
  }
}

async function updateRecords(tx: SqlTransaction, input: ChunkInput): Promise<number> {
  const unmapped = `array[${input.unmappedFields.map(literal).join(",")}]::text[]`;
  const result = await tx.unsafe<{ journalled: number; updated: number }[]>(
    `with target as (
       select r.id, r.version, r.data as before, r.source_import_id, r.created_at, r.updated_at,
         ${changedDataExpression(input.rules)} as data, s.data as given
       ${rowSources(input.importId, "range")}
       where ${RANGE} and not p.same and r.version = p.record_version and ${actionExpression(input.rules)} = 'update'
     ), journalled as (
       insert into journal_entries (import_id, chunk, record_id, op, before, before_version, before_source_import_id,
         before_created_at, before_updated_at, after_version)
       select $1::uuid, $5::int, id, 'update', before, version, source_import_id, created_at, updated_at, version + 1
       from target
       returning 1
     ), ${keepEarlierGivens("target", 4, 6)}, updated as (
       update records r set data = t.data, version = r.version + 1,
         key_hash = ${keyHashExpression(input.keyFields, "t.data")}, source_import_id = $1::uuid,
         changed_xid = pg_current_xact_id(), updated_at = now()
       from target t
       where r.collection_id = $4::uuid and r.id = t.id and r.version = t.version
       returning r.id, t.given, (t.data - ${unmapped}) = t.given as is_given
     ), given as (
       insert into record_givens (collection_id, record_id, import_id, given)
       select $4::uuid, id, $1::uuid, given from updated where not is_given
       on conflict (collection_id, record_id, import_id) do update set given = excluded.given, given_at = now()
     )
     select (select count(*) from journalled)::int8 as journalled, (select count(*) from updated)::int8 as updated`,
    [
      input.importId,
      input.firstRow,
      input.lastRow,
      input.collectionId,
      input.chunk,
      input.deliveries as string[],
    ],
  );
  const { journalled = 0, updated = 0 } = result[0] ?? {};
  // Somebody committed an edit between the statement's snapshot and its row lock. The chunk is tried again; its new
  // snapshot sees the edit and leaves that record alone.
  if (journalled !== updated) throw new ConcurrentEditError();
  return updated;
}

export class ConcurrentEditError extends Error {
  constructor() {
    super("A record was edited in the very moment it was imported over.");
    this.name = "ConcurrentEditError";
  }
}

/** Adds to a collection's record count and raises its revision, which makes every plan made before it stale. */
export async function touchCollection(sql: AnySql, collectionId: string, added: number): Promise<void> {
  await sql`update collections set record_count = record_count + ${added}, revision = revision + 1,
              updated_at = now() where id = ${collectionId}`;
}
