import { type ActionRules, changedDataExpression } from "./import-actions";
import { literal } from "./key-hash";
import { diffTable, planTable, stagingTable } from "./staging";

/** A chunk whose records were updated, and the rules by which they were. */
export interface WrittenChunk {
  importId: string;
  rules: ActionRules;
  chunk: number;
  firstRow: number;
  lastRow: number;
}

/**
 * SQL text of a query for what an import made of the records that a chunk of it updated: (record_id, after_version,
 * data). It reckons the data again as they were when the chunk was applied, from what is kept as long as the journal is:
 * the state before, the staged row, how the two differed, and what the person had decided. With `recordId`, of that
 * record alone. Of an entry that is no longer part of the import `after_version` is 0.
 */
export function writtenRowsQuery(
  { importId, rules, chunk, firstRow, lastRow }: WrittenChunk,
  recordId?: string,
): string {
  const ofImport = `${literal(importId)}::uuid`;
  const range = (alias: string) => `${alias}.row_number between ${Number(firstRow)} and ${Number(lastRow)}`;
  // "offset 0": otherwise the data are reckoned anew for each place that names them.
  return `select e.record_id, e.after_version, ${changedDataExpression(rules)} as data
     from journal_entries e
     join ${planTable(importId)} p on p.record_id = e.record_id and not p.same and ${range("p")}
     join ${stagingTable(importId)} s on s.row_number = p.row_number and s.errors is null and ${range("s")}
     left join ${diffTable(importId)} d on d.row_number = p.row_number and ${range("d")}
     left join import_resolutions x on x.import_id = ${ofImport} and x.row_number = p.row_number
     cross join lateral (select e.before as data) r
     where e.import_id = ${ofImport} and e.chunk = ${Number(chunk)} and e.op = 'update'
       ${recordId === undefined ? "" : `and e.record_id = ${literal(recordId)}::uuid`} offset 0`;
}
