import type { SqlTransaction } from "@/db/client";
import {
  deliveredExpression,
  type Keys,
  MATCHED_BY,
  type MatchInput,
  type OpenConditions,
  sameExpression,
} from "./match-input";
import { keyEquals } from "./key-hash";
import { planTable, repeatedTable, stagingTable } from "./staging";

/**
 * Pairs the rows that share their key with other rows: the n-th row with some content takes the n-th record with that
 * content, and what is left pairs by key alone, in order.
 */
export async function matchRepeatedKeys(
  tx: SqlTransaction,
  input: MatchInput,
  keys: Keys,
  open: OpenConditions,
): Promise<void> {
  await gather(tx, input, keys, open);
  await pairIdentical(tx, input);
  if (input.criteria.length > 0) await pairByKey(tx, input);
}

/**
 * Copies what is looked at to tables of its own. How many rows have a repeated key is beyond the server's statistics,
 * and a wrong guess makes it compare each of them with the whole plan. Only hashes are copied and sorted, not rows: key
 * and content hash are independent, and 128 equal bits need no second look.
 */
async function gather(
  tx: SqlTransaction,
  { importId, collectionId, deliveries }: MatchInput,
  { recordHash, comparable }: Keys,
  { openRows, openRecords }: OpenConditions,
): Promise<void> {
  const ofRepeated = (hash: string) =>
    `exists (select from ${repeatedTable(importId)} q where q.key_hash = ${hash})`;
  const contentHash = (data: string) => `jsonb_hash_extended(${data}, 1)`;
  await tx`drop table if exists pg_temp.repeating_rows, pg_temp.repeating_records`;
  await tx.unsafe(
    `create temp table repeating_rows on commit drop as
     select s.row_number, s.key_hash, ${contentHash("s.data")} as content_hash
     from ${stagingTable(importId)} s where s.errors is null and ${ofRepeated("s.key_hash")} ${openRows}`,
  );
  await tx.unsafe(
    `create temp table repeating_records on commit drop as
     select r.id, r.version, ${recordHash} as key_hash, ${contentHash(comparable)} as content_hash,
       ${deliveredExpression("r", 2)} as delivered
     from records r where r.collection_id = $1 and ${ofRepeated(recordHash)} ${openRecords}`,
    [collectionId, deliveries as string[]],
  );
  await tx`analyze pg_temp.repeating_rows`;
  await tx`analyze pg_temp.repeating_records`;
}

async function pairIdentical(tx: SqlTransaction, { importId }: MatchInput): Promise<void> {
  await tx.unsafe(
    `insert into ${planTable(importId)}
     with r as (
       select *, row_number() over (partition by key_hash, content_hash order by id) as nth
       from pg_temp.repeating_records
     ), s as (
       select *, row_number() over (partition by key_hash, content_hash order by row_number) as nth
       from pg_temp.repeating_rows
     )
     select s.row_number, r.id, r.version, true, ${MATCHED_BY.key}, r.delivered
     from s join r on r.key_hash = s.key_hash and r.content_hash = s.content_hash and r.nth = s.nth`,
  );
}

async function pairByKey(
  tx: SqlTransaction,
  { importId, collectionId, criteria, unmappedFields }: MatchInput,
) {
  const plan = planTable(importId);
  await tx.unsafe(`analyze ${plan}`);
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select *, row_number() over (partition by key_hash order by id) as nth
       from pg_temp.repeating_records o where not exists (select from ${plan} q where q.record_id = o.id)
     ), s as (
       select *, row_number() over (partition by key_hash order by row_number) as nth
       from pg_temp.repeating_rows o where not exists (select from ${plan} q where q.row_number = o.row_number)
     )
     select s.row_number, r.id, r.version, ${sameExpression(unmappedFields, "rr", "ss")},
       ${MATCHED_BY.key}, r.delivered
     from s join r on r.key_hash = s.key_hash and r.nth = s.nth
       join ${stagingTable(importId)} ss on ss.row_number = s.row_number
       join records rr on rr.collection_id = $1 and rr.id = r.id
     where ${keyEquals(criteria, "rr.data", "ss.data")}`,
    [collectionId],
  );
}
