import type { Sql } from "@/db/client";
import { literal } from "./key-hash";
import { stagingTable } from "./staging";

/** True when every record of the collection has a value in the field, and no two the same. */
export async function tellsRecordsApart(sql: Sql, collectionId: string, field: string): Promise<boolean> {
  const [row] = await sql.unsafe<{ apart: boolean }[]>(
    `select not exists (
       select from records where collection_id = $1
       group by data ->> ${literal(field)} having count(*) > 1 or data ->> ${literal(field)} is null
     ) as apart`,
    [collectionId],
  );
  return row?.apart ?? false;
}

/** True when every valid staged row has a value in the field, and no two the same. */
export async function tellsRowsApart(sql: Sql, importId: string, field: string): Promise<boolean> {
  const [row] = await sql.unsafe<{ apart: boolean }[]>(
    `select not exists (
       select from ${stagingTable(importId)} where errors is null
       group by data ->> ${literal(field)} having count(*) > 1 or data ->> ${literal(field)} is null
     ) as apart`,
  );
  return row?.apart ?? false;
}
