import type { SqlTransaction } from "@/db/client";
import {
  deliveredExpression,
  type Keys,
  MATCHED_BY,
  type MatchInput,
  type OpenConditions,
  sameExpression,
} from "./match-input";
import { contentHashExpression, keyEquals } from "./key-hash";
import { onOneProcessor } from "./one-processor";
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
  await onOneProcessor(tx, () => gather(tx, input, keys, open));
  // Only the small tables are joined meanwhile, and the server expects next to nothing of numbered rows.
  await tx`set local enable_nestloop = off`;
  await pairIdentical(tx);
  if (input.criteria.length > 0) await pairRest(tx);
  await tx`set local enable_nestloop = on`;
  await planIdentical(tx, input);
  if (input.criteria.length > 0) await planRest(tx, input);
}

/**
 * Copies what is looked at to tables of its own. How many rows have a repeated key is beyond the server's statistics,
 * and a wrong guess makes it compare each of them with the whole plan. Only hashes are copied and sorted, not rows: key
 * and content hash are independent, and 128 equal bits need no second look.
 */
async function gather(
  tx: SqlTransaction,
  { importId, collectionId, mappedFields, deliveries }: MatchInput,
  { recordHash, comparable }: Keys,
  { openRows, openRecords }: OpenConditions,
): Promise<void> {
  const ofRepeated = (hash: string) =>
    `exists (select from ${repeatedTable(importId)} q where q.key_hash = ${hash})`;
  const contentHash = (data: string) => contentHashExpression(mappedFields, data);
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

/** The pairs are gathered apart too: beside the plan, which they go to, they are few. */
async function pairIdentical(tx: SqlTransaction): Promise<void> {
  await tx`drop table if exists pg_temp.identical_pairs`;
  await tx`
    create temp table identical_pairs on commit drop as
    with r as (
      select *, row_number() over (partition by key_hash, content_hash order by id) as nth
      from pg_temp.repeating_records
    ), s as (
      select *, row_number() over (partition by key_hash, content_hash order by row_number) as nth
      from pg_temp.repeating_rows
    )
    select s.row_number, r.id as record_id, r.version as record_version, r.delivered
    from s join r on r.key_hash = s.key_hash and r.content_hash = s.content_hash and r.nth = s.nth`;
  await tx`analyze pg_temp.identical_pairs`;
}

/** What identical content has not paired is paired by the key's hash, in order. */
async function pairRest(tx: SqlTransaction): Promise<void> {
  await tx`drop table if exists pg_temp.key_pairs`;
  await tx`
    create temp table key_pairs on commit drop as
    with r as (
      select *, row_number() over (partition by key_hash order by id) as nth
      from pg_temp.repeating_records o
      where not exists (select from pg_temp.identical_pairs q where q.record_id = o.id)
    ), s as (
      select *, row_number() over (partition by key_hash order by row_number) as nth
      from pg_temp.repeating_rows o
      where not exists (select from pg_temp.identical_pairs q where q.row_number = o.row_number)
    )
    select s.row_number, r.id as record_id, r.version as record_version, r.delivered
    from s join r on r.key_hash = s.key_hash and r.nth = s.nth`;
  await tx`analyze pg_temp.key_pairs`;
}

async function planIdentical(tx: SqlTransaction, { importId }: MatchInput): Promise<void> {
  await tx.unsafe(
    `insert into ${planTable(importId)}
     select row_number, record_id, record_version, true, ${MATCHED_BY.key}, delivered from pg_temp.identical_pairs`,
  );
}

async function planRest(
  tx: SqlTransaction,
  { importId, collectionId, criteria, unmappedFields }: MatchInput,
): Promise<void> {
  await tx.unsafe(
    `insert into ${planTable(importId)}
     select p.row_number, p.record_id, p.record_version, ${sameExpression(unmappedFields)}, ${MATCHED_BY.key}, p.delivered
     from pg_temp.key_pairs p join ${stagingTable(importId)} s on s.row_number = p.row_number
       join records r on r.collection_id = $1 and r.id = p.record_id
     where ${keyEquals(criteria, "r.data", "s.data")}`,
    [collectionId],
  );
}
