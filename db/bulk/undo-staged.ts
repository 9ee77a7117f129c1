import type { AnySql } from "@/db/client";
import { type ActionRules, wasInsertedExpression } from "./import-actions";
import { diffTable, planTable, stagingTable } from "./staging";

/**
 * SQL text of a query for the rows first…last of a file that its import made into records: (id, data). Parameters: the
 * import's id, the id prefix, first and last row.
 */
export function insertedRowsQuery(
  importId: string,
  rules: ActionRules,
  parameters: { importId: number; idPrefix: number; firstRow: number; lastRow: number },
): string {
  const within = (alias: string) =>
    `${alias}.row_number between $${parameters.firstRow} and $${parameters.lastRow}`;
  return `select ($${parameters.idPrefix}::text || lpad(to_hex(s.row_number), 8, '0'))::uuid as id, s.data
    from ${stagingTable(importId)} s
    left join ${planTable(importId)} p on p.row_number = s.row_number and ${within("p")}
    left join ${diffTable(importId)} d on d.row_number = s.row_number and ${within("d")}
    left join import_resolutions x on x.import_id = $${parameters.importId}::uuid and x.row_number = s.row_number
      and d.row_number is not null
    where ${within("s")} and ${wasInsertedExpression(rules)}`;
}

/** How many records the rows first…last became, by the staged rows. */
export async function countInsertedRows(
  sql: AnySql,
  input: { importId: string; idPrefix: string; rules: ActionRules; firstRow: number; lastRow: number },
): Promise<number> {
  const rows = insertedRowsQuery(input.importId, input.rules, {
    importId: 1,
    idPrefix: 2,
    firstRow: 3,
    lastRow: 4,
  });
  const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::int8 as count from (${rows}) i`, [
    input.importId,
    input.idPrefix,
    input.firstRow,
    input.lastRow,
  ]);
  return row?.count ?? 0;
}
