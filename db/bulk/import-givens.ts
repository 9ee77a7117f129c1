import type { SqlTransaction } from "@/db/client";
import type { ChunkInput } from "./import-chunk";
import { actionExpression, clashExpression, wasInsertedExpression } from "./import-actions";
import { rowSources } from "./import-count";
import { rowIdExpression } from "./row-id";
import { planTable, stagingTable } from "./staging";

// What a source gave a record is written down only where it cannot be told otherwise: a record that an import wrote last
// has what that import gave, until somebody else changes it.

/**
 * CTE `kept_givens`: notes what another source gave the records of CTE `target` (id, source_import_id, before,
 * updated_at: as they are before the change), since the change ends its being the last to have written them.
 */
export function keepEarlierGivens(
  target: string,
  collectionParameter: number,
  deliveriesParameter: number,
): string {
  return `kept_givens as (
       insert into record_givens (collection_id, record_id, import_id, given, given_at)
       select $${collectionParameter}::uuid, id, source_import_id, before, updated_at
       from ${target}
       where source_import_id is not null and not source_import_id = any($${deliveriesParameter}::uuid[])
       on conflict do nothing
     )`;
}

/** Notes what the file says of records that have it already, but not from this source. */
export async function noteUnchanged(tx: SqlTransaction, input: ChunkInput): Promise<void> {
  await tx.unsafe(
    `insert into record_givens (collection_id, record_id, import_id, given)
     select $4::uuid, p.record_id, $1::uuid, s.data
     from ${planTable(input.importId)} p join ${stagingTable(input.importId)} s on s.row_number = p.row_number
     where p.row_number between $2 and $3 and s.row_number between $2 and $3 and p.same and not p.delivered
       and (select g.given from record_givens g where g.collection_id = $4::uuid and g.record_id = p.record_id
              and g.import_id = any($5::uuid[]) order by g.given_at desc limit 1) is distinct from s.data
     on conflict do nothing`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId, input.deliveries as string[]],
  );
}

/**
 * Notes what the file says of records that keep their own all the same: the person said so, or only the person had
 * changed them. The same file is then no news next time. Before the records change.
 */
export async function noteDeclined(tx: SqlTransaction, input: ChunkInput): Promise<void> {
  // A strategy that never looks at what a matched row says has declined nothing.
  if (input.rules.strategy === "skipExisting" || input.rules.strategy === "insertOnly") return;
  await tx.unsafe(
    `insert into record_givens (collection_id, record_id, import_id, given)
     select $4::uuid, p.record_id, $1::uuid, s.data
     ${rowSources(input.importId, "range")}
     where s.row_number between $2 and $3 and s.errors is null and d.row_number is not null
       and (d.base is not null or ${clashExpression(input.rules)})
       and ${actionExpression(input.rules)} in ('skip', 'unchanged')
     on conflict do nothing`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId],
  );
}

/** Notes which record each id of a Ferry export became, for references that come later. */
export async function noteOrigins(tx: SqlTransaction, input: ChunkInput): Promise<void> {
  const inserted = wasInsertedExpression(input.rules);
  await tx.unsafe(
    `insert into record_origins (collection_id, origin_id, record_id, import_id)
     select $4::uuid, s.source_id,
       case when ${inserted} then ${rowIdExpression(input.ids)} else p.record_id end, $1::uuid
     ${rowSources(input.importId, "range")}
     where s.row_number between $2 and $3 and s.errors is null and s.source_id is not null
       and (${inserted} or p.record_id <> s.source_id)
     on conflict do nothing`,
    [input.importId, input.firstRow, input.lastRow, input.collectionId],
  );
}
