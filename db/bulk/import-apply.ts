import type { AnySql, SqlTransaction } from "@/db/client";
import { type ActionRules, actionExpression, changedDataExpression } from "./import-actions";
import { rowSources } from "./import-plan";
import { keyHashExpression } from "./key-hash";

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

  const range = "s.row_number between $2 and $3";
  const action = actionExpression(rules);
  const counts: ChunkCounts = { inserted: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 0 };

  // Counted before anything changes: an updated record would count as unchanged afterwards.
  const tally = await tx.unsafe<{ action: string; count: number }[]>(
    `select case when s.errors is not null then 'invalid' else ${action} end as action, count(*)::int8 as count
     ${rowSources(importId, "range")} where ${range} group by 1`,
    [importId, firstRow, lastRow],
  );
  const planned = Object.fromEntries(tally.map((t) => [t.action, t.count]));
  counts.unchanged = planned.unchanged ?? 0;
  counts.skipped = (planned.skip ?? 0) + (planned.ask ?? 0);
  counts.invalid = planned.invalid ?? 0;

  if (planned.update) {
    counts.updated = await updateRecords(tx, input, action, range);
    counts.skipped += planned.update - counts.updated;
  }
  if (planned.insert) counts.inserted = await insertRecords(tx, input, action, range);
  await tx`update journal_chunks set inserted = ${counts.inserted}, updated = ${counts.updated},
             skipped = ${counts.skipped} where import_id = ${importId} and chunk = ${chunk}`;
  // Last, since chunks that run side by side meet at this row.
  await touchCollection(tx, collectionId, counts.inserted);
  return counts;
}

async function insertRecords(
  tx: SqlTransaction,
  input: ChunkInput,
  action: string,
  range: string,
): Promise<number> {
  const hash = input.stagedHashIsOwn ? "s.key_hash" : keyHashExpression(input.keyFields, "s.data");
  const result = await tx.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash, source_import_id)
     select $4::uuid, ($5::text || lpad(to_hex(s.row_number), 8, '0'))::uuid, $6::uuid, s.data, ${hash}, $1::uuid
     ${rowSources(input.importId, "range")}
     where ${range} and s.errors is null and ${action} = 'insert'`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId, input.idPrefix, input.ownerId],
  );
  return result.count;
}

async function updateRecords(
  tx: SqlTransaction,
  input: ChunkInput,
  action: string,
  range: string,
): Promise<number> {
  const result = await tx.unsafe<{ journalled: number; updated: number }[]>(
    `with target as (
       select p.record_id, p.record_version, ${changedDataExpression(input.rules)} as data
       ${rowSources(input.importId, "range")}
       where ${range} and s.errors is null and ${action} = 'update'
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
