import type { SqlTransaction } from "@/db/client";

/** The table that fuzzy matching answers with; it lives as long as the transaction. */
export async function createPairTable(tx: SqlTransaction): Promise<void> {
  await tx.unsafe(`drop table if exists pg_temp.fuzzy_pairs`);
  await tx.unsafe(`create temp table fuzzy_pairs (row_number integer not null, record_id uuid not null,
    record_version integer not null, score integer not null, confidence integer not null) on commit drop`);
}
