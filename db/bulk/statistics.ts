import type { Sql } from "@/db/client";
import { literal } from "./key-hash";

/** Small collections are quick whatever the planner thinks of them. */
const RECORDS_MIN = 1_000;
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
  if (recordCount < RECORDS_MIN) return;
  const [row] = await sql.unsafe<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>(
    `explain (format json) select from records where collection_id = ${literal(id)}::uuid`,
  );
  const expected = row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  if (expected * FACTOR_MAX < recordCount) await sql`analyze records`;
}
