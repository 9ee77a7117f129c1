import type { AnySql, SqlTransaction } from "@/db/client";
import { onSeveralProcessors } from "./several-processors";
import { repeatedTable, stagingTable } from "./staging";

/** Gathers the keys that several rows have; a table of its own, since a temporary one cannot be read in parallel. */
export async function gatherRepeatedKeys(tx: SqlTransaction, importId: string): Promise<void> {
  const table = repeatedTable(importId);
  await tx.unsafe(`drop table if exists ${table}`);
  // Sorted, by all processors: counting a million keys by hashing takes twice as long.
  await tx`set local enable_hashagg = off`;
  await onSeveralProcessors(
    tx,
    `create table ${table} with (autovacuum_enabled = false) as
     select key_hash, count(*) as rows from ${stagingTable(importId)}
     where errors is null and key_hash is not null group by key_hash having count(*) > 1`,
  );
  await tx`set local enable_hashagg to default`;
  await tx.unsafe(`analyze ${table}`);
}

export async function hasRepeatedKeys(tx: AnySql, importId: string): Promise<boolean> {
  const [row] = await tx.unsafe<{ any: boolean }[]>(
    `select exists (select from ${repeatedTable(importId)}) as any`,
  );
  return row?.any ?? false;
}

/** How many rows repeat the key of a row before them. */
export async function countRepetitions(sql: AnySql, importId: string): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(
    `select coalesce(sum(rows - 1), 0)::int8 as count from ${repeatedTable(importId)}`,
  );
  return row?.count ?? 0;
}
