import type { AnySql } from "@/db/client";

/** Fewer rows are read as quickly without a key, and joined well enough without statistics. */
const FEW = 1_000;

/**
 * Gives a table that has been filled its primary key and the server's statistics, where it has rows enough to need them:
 * a restore of ten thousand small collections makes several tables for each, and a key is one more.
 */
export async function settleTable(sql: AnySql, table: string, key: string, rows: number): Promise<void> {
  if (rows < FEW) return;
  await sql.unsafe(`alter table ${table} add primary key (${key})`);
  await sql.unsafe(`analyze ${table}`);
}
