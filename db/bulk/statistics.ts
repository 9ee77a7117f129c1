import type { Sql } from "@/db/client";
import { literal } from "./key-hash";

/** Little is quick whatever the planner thinks of it. */
const ROWS_MIN = 1_000;
/** The server may be this far off before its statistics are taken anew. */
const FACTOR_MAX = 10;

/**
 * Sees to it that the server's statistics know a collection. One that has just been filled is taken for a single record
 * until autovacuum comes round, and joins with it then read all staged rows again for each of its records: minutes
 * instead of a second. Taking a sample of the table costs less than a second, and only happens when it is needed.
 */
export async function ensureStatistics(
  sql: Sql,
  { id, recordCount }: { id: string; recordCount: number },
): Promise<void> {
  await ensureKnown(sql, { table: "records", column: "collection_id", id, rows: recordCount });
}

/**
 * The same for the journal of an import, or of an undo, with so many entries. One that has just been written is taken
 * for a single entry, and the whole of it is then read for each chunk that is taken back.
 */
export async function ensureJournalStatistics(
  sql: Sql,
  journal: { of: "import" | "undo"; id: string; entries: number },
): Promise<void> {
  const { of, id, entries } = journal;
  const place =
    of === "import"
      ? { table: "journal_entries", column: "import_id" }
      : { table: "undo_entries", column: "undo_id" };
  await ensureKnown(sql, { ...place, id, rows: entries });
}

async function ensureKnown(
  sql: Sql,
  { table, column, id, rows }: { table: string; column: string; id: string; rows: number },
): Promise<void> {
  if (rows < ROWS_MIN) return;
  const [row] = await sql.unsafe<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>(
    `explain (format json) select from ${table} where ${column} = ${literal(id)}::uuid`,
  );
  const expected = row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  if (expected * FACTOR_MAX < rows) await sql.unsafe(`analyze ${table}`);
}
