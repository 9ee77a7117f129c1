import type { AnySql } from "@/db/client";
import {
  type ActionRules,
  actionExpression,
  appliedActionExpression,
  changedDataExpression,
} from "./import-actions";
import { rowSources } from "./import-count";
import { type RecordIds, rowIdExpression } from "./row-id";

type Data = Record<string, string | number | boolean>;

export interface AppliedRow {
  number: number;
  data: Data;
  recordId: string | null;
  /** Of an updated record: what it is (or was) before. */
  before: Data | null;
}

/**
 * Valid rows by what becomes (or became) of them, in the order of the file; `data` is what is stored. After the application the journal tells:
 * a plan compared with the records it has changed would call every update unchanged.
 */
export async function readAppliedRows(
  sql: AnySql,
  importId: string,
  page: {
    rules: ActionRules;
    status: "new" | "imported" | "updated" | "unchanged" | "skipped";
    ids: RecordIds;
    afterRow: number;
    limit: number;
  },
): Promise<AppliedRow[]> {
  const planned = actionExpression(page.rules);
  const applied = "exists (select from journal_chunks where import_id = $1)";
  const action = `case when ${applied}
    then ${appliedActionExpression(page.rules)} else ${planned} end`;
  const wanted = {
    new: "insert",
    imported: "insert",
    updated: "update",
    unchanged: "unchanged",
    skipped: "skip",
  };
  const statuses = page.status === "skipped" ? ["skip", "ask", "unchanged"] : [wanted[page.status]];
  return await sql.unsafe<AppliedRow[]>(
    // Of a record that has changed since, what it was made is told by what it had and what the file said.
    `select s.row_number as number,
       case when ${action} <> 'update' then s.data
            when not ${applied} then ${changedDataExpression(page.rules)}
            when r.version = e.after_version then r.data
            else coalesce(e.before, '{}') || s.data end as data,
       case when ${action} = 'update' then coalesce(e.before, r.data) end as before,
       case when ${action} = 'insert' then ${rowIdExpression(page.ids)} else p.record_id end
         as "recordId"
     ${rowSources(importId)}
     left join journal_chunks k on k.import_id = $1 and not k.is_deletion
       and s.row_number between k.first_row and k.last_row
     left join journal_entries e on e.import_id = $1 and e.chunk = k.chunk and e.record_id = p.record_id
     where s.errors is null and s.row_number > $2 and ${action} = any($3::text[])
     order by s.row_number limit $4`,
    [importId, page.afterRow, statuses, page.limit],
  );
}
