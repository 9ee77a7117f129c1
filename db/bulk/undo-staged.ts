import type { AnySql } from "@/db/client";
import { type ActionRules, wasInsertedExpression } from "./import-actions";
import { rowSources } from "./import-count";
import { rowIdExpression } from "./row-id";

/**
 * SQL text of a query for the rows first…last of a file that its import made into records: (id, data). Its parameters
 * come first, in this order: the import's id, first and last row, the id prefix.
 */
export function insertedRowsQuery(importId: string, rules: ActionRules): string {
  return `select ${rowIdExpression(4)} as id, s.data ${rowSources(importId, "range")}
    where s.row_number between $2 and $3 and ${wasInsertedExpression(rules)}`;
}

/** How many records the rows first…last became, by the staged rows. */
export async function countInsertedRows(
  sql: AnySql,
  input: { importId: string; idPrefix: string; rules: ActionRules; firstRow: number; lastRow: number },
): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(
    `select count(i.id)::int8 as count from (${insertedRowsQuery(input.importId, input.rules)}) i`,
    [input.importId, input.firstRow, input.lastRow, input.idPrefix],
  );
  return row?.count ?? 0;
}
