import type { AnySql } from "@/db/client";
import { type ActionRules, wasInsertedExpression } from "./import-actions";
import { rowSources } from "./import-count";
import { type RecordIds, rowIdExpression, statedVersion } from "./row-id";

/** The staged rows do not add up to what the journal says: bringing back what they had led to would be a guess. */
export class StagedRowsLostError extends Error {
  constructor() {
    super("The staged rows of the import are no longer those it was made from.");
    this.name = "StagedRowsLostError";
  }
}

/**
 * SQL text of a query for the rows first…last of a file that its import made into records: (id, data, version, and when
 * the record had been made, where the row says so). Its parameters come first: the import's id, first and last row.
 */
export function insertedRowsQuery(importId: string, rules: ActionRules, ids: RecordIds): string {
  const stated = ids.by === "stated" ? statedVersion(importId) : undefined;
  return `select ${rowIdExpression(ids)} as id, s.data, ${stated?.version ?? "1"} as version,
      ${stated?.createdAt ?? "null::timestamptz"} as created_at
    ${rowSources(importId, "range")} ${stated?.join ?? ""}
    where s.row_number between $2 and $3 and ${wasInsertedExpression(rules)}`;
}

/** How many records the rows first…last became, by the staged rows. */
export async function countInsertedRows(
  sql: AnySql,
  input: { importId: string; ids: RecordIds; rules: ActionRules; firstRow: number; lastRow: number },
): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(
    `select count(i.id)::int8 as count from (${insertedRowsQuery(input.importId, input.rules, input.ids)}) i`,
    [input.importId, input.firstRow, input.lastRow],
  );
  return row?.count ?? 0;
}
