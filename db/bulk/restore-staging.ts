import type { AnySql, SqlTransaction } from "@/db/client";
import { copyIn } from "@/db/copy-in";
import { keyHashExpression, literal } from "./key-hash";
import { settleTable } from "./settle-table";
import { dropStaged, escapeCopy, stagingTable } from "./staging";

/** A collection's place: the import whose staged rows it becomes. */
export interface StagedPart {
  importId: string;
  keyFields: readonly string[];
}

/**
 * Rows of one backup's collection as COPY text (`CopyText`), in pieces that are good until the next one is asked for. All
 * but the last are larger than what a stream takes before it says that it is full.
 */
export type LineBatches = AsyncIterable<Buffer>;

const COLUMNS = "(row_number, data, source_id, raw, errors, version, created_at)";

/**
 * Makes an import's staging table, filled with COPY. As for a file (`stageLines`), and with what a record that comes
 * back also has: its version, and when it was made. The table is made by the caller's transaction, whole or not at all;
 * its key comes when all is in it (`settleStaged`).
 */
export async function stageRestored(tx: SqlTransaction, part: StagedPart, lines: LineBatches): Promise<void> {
  const table = stagingTable(part.importId);
  await dropStaged(tx, part.importId);
  await tx.unsafe(`create table ${table} (
    row_number integer not null,
    data jsonb not null,
    key_hash bigint generated always as (${keyHashExpression(part.keyFields, "data")}) stored,
    source_id uuid,
    raw jsonb,
    errors jsonb,
    version integer,
    created_at timestamptz
  ) with (autovacuum_enabled = false)`);
  await copyIn(tx, `copy ${table} ${COLUMNS} from stdin with (freeze)`, lines);
}

/** Lays what a later backup of the chain says over the rows: its word on a record is the last. */
export async function layOver(tx: SqlTransaction, importId: string, lines: LineBatches): Promise<void> {
  const table = stagingTable(importId);
  await tx.unsafe(`create temp table newer_rows (like ${table}) on commit drop`);
  await tx.unsafe(`alter table pg_temp.newer_rows drop column key_hash`);
  await copyIn(tx, `copy pg_temp.newer_rows ${COLUMNS} from stdin`, lines);
  await tx`analyze pg_temp.newer_rows`;
  await tx.unsafe(`delete from ${table} s using pg_temp.newer_rows n where s.source_id = n.source_id`);
  await tx.unsafe(
    `insert into ${table} ${COLUMNS}
     select n.row_number, n.data, n.source_id, n.raw, n.errors, n.version, n.created_at from pg_temp.newer_rows n`,
  );
  await tx`drop table pg_temp.newer_rows`;
}

/** Takes out the records that a later backup says were deleted. */
export async function takeOut(tx: SqlTransaction, importId: string, ids: readonly string[]): Promise<void> {
  await tx.unsafe(`delete from ${stagingTable(importId)} where source_id = any($1::uuid[])`, [
    ids as string[],
  ]);
}

/** Keeps only rows in one of whose values the text occurs, whatever its case. */
export async function keepMatching(tx: SqlTransaction, importId: string, search: string): Promise<void> {
  const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  await tx.unsafe(
    `delete from ${stagingTable(importId)} s where not exists (
       select from jsonb_each_text(s.data) v where v.value ilike $1)`,
    [pattern],
  );
}

export interface StagedCount {
  rows: number;
  invalid: number;
  lastRow: number;
}

/** What there is of each of these imports, by its id: one statement for all. */
export async function countStaged(
  sql: AnySql,
  importIds: readonly string[],
): Promise<Map<string, StagedCount>> {
  const counts = importIds.map(
    (id) => `select ${literal(id)} as id, count(*)::int8 as rows, count(errors)::int8 as invalid,
      coalesce(max(row_number), 0)::int8 as "lastRow" from ${stagingTable(id)}`,
  );
  const counted = await sql.unsafe<(StagedCount & { id: string })[]>(counts.join(" union all "));
  return new Map(counted.map(({ id, ...count }) => [id, count]));
}

/** Makes staging tables ready for what comes after: nothing more is read into them. */
export async function settleStaged(sql: AnySql, counts: ReadonlyMap<string, StagedCount>): Promise<void> {
  for (const [id, { rows }] of counts) await settleTable(sql, stagingTable(id), "row_number", rows);
}

/** A record of a backup as a line of COPY text; an invalid one with why. `json` is JSON text without raw control characters. */
export function restoredLine(
  row: number,
  record: { id: string; version: number; createdAt: string },
  content: { json: string } | { rawJson: string; errorsJson: string },
): string {
  const tail = `${record.version}\t${record.createdAt}\n`;
  if ("json" in content) return `${row}\t${escapeCopy(content.json)}\t${record.id}\t\\N\t\\N\t${tail}`;
  return `${row}\t{}\t${record.id}\t${escapeCopy(content.rawJson)}\t${escapeCopy(content.errorsJson)}\t${tail}`;
}
