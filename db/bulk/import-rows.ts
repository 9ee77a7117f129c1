import type { AnySql } from "@/db/client";
import { type ActionRules, actionExpression } from "./import-actions";
import { planTable, stagingTable } from "./staging";

export interface AppliedRow {
  number: number;
  data: Record<string, string | number | boolean>;
  recordId: string | null;
}

/**
 * Valid rows by what becomes (or became) of them, in the order of the file. After the application the journal tells:
 * a plan compared with the records it has changed would call every update unchanged.
 */
export async function readAppliedRows(
  sql: AnySql,
  importId: string,
  page: {
    rules: ActionRules;
    status: "new" | "imported" | "updated" | "unchanged" | "skipped";
    idPrefix: string;
    afterRow: number;
    limit: number;
  },
): Promise<AppliedRow[]> {
  // Both sources of truth in one expression: the journal's entry if there is one, else the rules.
  const action = `case when e.record_id is not null then 'update' else ${actionExpression(page.rules)} end`;
  const wanted = {
    new: "insert",
    imported: "insert",
    updated: "update",
    unchanged: "unchanged",
    skipped: "skip",
  };
  const statuses = page.status === "skipped" ? ["skip", "ask", "unchanged"] : [wanted[page.status]];
  return await sql.unsafe<AppliedRow[]>(
    `select s.row_number as number, s.data,
       case when ${action} = 'insert' then ($2::text || lpad(to_hex(s.row_number), 8, '0'))::uuid else p.record_id end
         as "recordId"
     from ${stagingTable(importId)} s
     left join ${planTable(importId)} p on p.row_number = s.row_number
     left join import_resolutions x on x.import_id = $1 and x.row_number = s.row_number and p.row_number is not null
     left join journal_entries e on e.import_id = $1 and e.record_id = p.record_id
     left join records r on r.collection_id = (select collection_id from imports where id = $1)
       and r.id = p.record_id and not p.same
     where s.errors is null and s.row_number > $3 and ${action} = any($4::text[])
     order by s.row_number limit $5`,
    [importId, page.idPrefix, page.afterRow, statuses, page.limit],
  );
}
