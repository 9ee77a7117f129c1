import type { AnySql, SqlTransaction } from "@/db/client";
import { type ActionRules, actionExpression, changedDataExpression } from "./import-actions";
import { rowSources, tallyActions } from "./import-plan";
import { keyHashExpression } from "./key-hash";
import { planTable, stagingTable } from "./staging";

export interface ChunkInput {
  importId: string;
  collectionId: string;
  ownerId: string;
  /** First 96 bits of the ids of inserted records, as text; the row number is the rest. */
  idPrefix: string;
  /** The collection's own key: what a stored record's hash is made of. */
  keyFields: readonly string[];
  /** True when the staged hash was made of the same fields. */
  stagedHashIsOwn: boolean;
  rules: ActionRules;
  chunk: number;
  /** Rows firstRow…lastRow of the file, both included. */
  firstRow: number;
  lastRow: number;
}

export interface ChunkCounts {
  inserted: number;
  updated: number;
  unchanged: number;
  skipped: number;
  invalid: number;
}

/**
 * Applies one chunk of a plan in the caller's transaction: records, journal, marker, and the collection's totals.
 * Returns undefined when the chunk is already in (the marker is found), so that a repeated step does no harm. Updates
 * only touch a record whose version is still the planned one; others are left alone and counted as skipped.
 */
export async function applyChunk(tx: SqlTransaction, input: ChunkInput): Promise<ChunkCounts | undefined> {
  const { importId, collectionId, chunk, firstRow, lastRow, rules } = input;
  const [marker] = await tx`
    insert into journal_chunks (import_id, chunk, first_row, last_row, inserted, updated)
    values (${importId}, ${chunk}, ${firstRow}, ${lastRow}, 0, 0) on conflict do nothing returning chunk`;
  if (!marker) return undefined;

  // Counted before anything changes: an updated record would count as unchanged afterwards.
  const planned = await tallyActions(tx, importId, rules, { first: firstRow, last: lastRow });
  const counts: ChunkCounts = {
    inserted: 0,
    updated: 0,
    unchanged: planned.unchanged,
    skipped: planned.skip + planned.ask,
    invalid: planned.invalid,
  };
  if (planned.update > 0) {
    counts.updated = await updateRecords(tx, input);
    counts.skipped += planned.update - counts.updated;
  }
  if (planned.insert > planned.insertBeside) counts.inserted += await insertUnmatched(tx, input);
  if (planned.insertBeside > 0) counts.inserted += await insertBeside(tx, input);
  await tx`update journal_chunks set inserted = ${counts.inserted}, updated = ${counts.updated},
             skipped = ${counts.skipped} where import_id = ${importId} and chunk = ${chunk}`;
  // Last, since chunks that run side by side meet at this row.
  await touchCollection(tx, collectionId, counts.inserted);
  return counts;
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
     select $4::uuid, ($5::text || lpad(to_hex(s.row_number), 8, '0'))::uuid, $6::uuid, s.data, ${hash}, $1::uuid
     ${rows}`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId, input.idPrefix, input.ownerId],
  );
  return result.count;
}

async function updateRecords(tx: SqlTransaction, input: ChunkInput): Promise<number> {
  const result = await tx.unsafe<{ journalled: number; updated: number }[]>(
    `with target as (
       select p.record_id, p.record_version, ${changedDataExpression(input.rules)} as data
       ${rowSources(input.importId, "range")}
       where ${RANGE} and not p.same and ${actionExpression(input.rules)} = 'update'
     ), journalled as (
       insert into journal_entries (import_id, chunk, record_id, op, before, before_version, before_source_import_id,
         before_created_at, before_updated_at, after_version)
       select $1::uuid, $5::int, r.id, 'update', r.data, r.version, r.source_import_id, r.created_at, r.updated_at,
         r.version + 1
       from target t join records r on r.collection_id = $4::uuid and r.id = t.record_id and r.version = t.record_version
       returning 1
     ), updated as (
       update records r set data = t.data, version = r.version + 1,
         key_hash = ${keyHashExpression(input.keyFields, "t.data")}, source_import_id = $1::uuid,
         changed_xid = pg_current_xact_id(), updated_at = now()
       from target t
       where r.collection_id = $4::uuid and r.id = t.record_id and r.version = t.record_version
       returning 1
     )
     select (select count(*) from journalled)::int8 as journalled, (select count(*) from updated)::int8 as updated`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId, input.chunk],
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
