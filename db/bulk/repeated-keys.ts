import type { AnySql, SqlTransaction } from "@/db/client";
import { stagingTable } from "./staging";

/** Table of the keys that several staged rows have, and how many: of the transaction that gathered them. */
export const REPEATED_KEYS = "pg_temp.repeated_keys";

export async function gatherRepeatedKeys(tx: SqlTransaction, importId: string): Promise<void> {
  await tx.unsafe(`drop table if exists ${REPEATED_KEYS}`);
  await tx.unsafe(
    `create temp table repeated_keys on commit drop as
     select key_hash, count(*) as rows from ${stagingTable(importId)}
     where errors is null and key_hash is not null group by key_hash having count(*) > 1`,
  );
  await tx.unsafe(`analyze ${REPEATED_KEYS}`);
}

export async function hasRepeatedKeys(tx: AnySql): Promise<boolean> {
  const [row] = await tx.unsafe<{ any: boolean }[]>(`select exists (select from ${REPEATED_KEYS}) as any`);
  return row?.any ?? false;
}

/** How many rows repeat the key of a row before them. */
export async function countRepetitions(tx: AnySql): Promise<number> {
  const [row] = await tx.unsafe<{ count: number }[]>(
    `select coalesce(sum(rows - 1), 0)::int8 as count from ${REPEATED_KEYS}`,
  );
  return row?.count ?? 0;
}
