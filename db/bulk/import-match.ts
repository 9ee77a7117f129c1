import type { SqlTransaction } from "@/db/client";
import { keyEquals } from "./key-hash";
import {
  deliveredExpression,
  type Keys,
  keysOf,
  MATCHED_BY,
  type MatchInput,
  type OpenConditions,
  openConditions,
  sameExpression,
} from "./match-input";
import { matchRepeatedKeys } from "./match-repeated-keys";
import { onOneProcessor } from "./one-processor";
import { gatherRepeatedKeys, hasRepeatedKeys } from "./repeated-keys";
import { planTable, repeatedTable, stagingTable } from "./staging";

/**
 * Creates the plan table: one row per staged row that is a record of the collection already. `same`: the record has
 * exactly what the file says in the fields that the file fills. `delivered`: an earlier import of the same source wrote
 * it last. Gathers the keys that several rows have, too: matching and counting both ask for them.
 */
export async function createPlan(tx: SqlTransaction, importId: string): Promise<void> {
  // A million hashes are sorted and joined in memory instead of in files.
  await tx`set local work_mem = '128MB'`;
  await gatherRepeatedKeys(tx, importId);
  await tx.unsafe(`drop table if exists ${planTable(importId)}`);
  await tx.unsafe(`create table ${planTable(importId)} (row_number integer not null, record_id uuid not null,
    record_version integer not null, same boolean not null, how smallint not null, delivered boolean not null) with (autovacuum_enabled = false)`);
}

/** Makes the plan ready to be read, once everything that matches is in it. */
export async function closePlan(tx: SqlTransaction, importId: string): Promise<void> {
  // Not a primary key: for that the server would read the plan once more, looking for nulls.
  await onOneProcessor(tx, () => tx.unsafe(`create unique index on ${planTable(importId)} (row_number)`));
  await tx.unsafe(`analyze ${planTable(importId)}`);
}

/**
 * Finds for every staged row the record it is by equality: first by the record id that the file states, then by equal
 * key. Each record is given to one row and each row to one record; among several with one key, identical content pairs
 * first, then order. Runs in the transaction that has just created the plan.
 */
export async function matchStrictly(tx: SqlTransaction, input: MatchInput): Promise<void> {
  if (input.mayStateIds) await matchById(tx, input);
  const open = await openConditions(tx, input.importId);
  const keys = keysOf(input);
  await matchSingleKeys(tx, input, keys, open);
  if (await hasRepeatedKeys(tx, input.importId)) await matchRepeatedKeys(tx, input, keys, open);
}

async function matchById(tx: SqlTransaction, input: MatchInput): Promise<void> {
  await tx.unsafe(
    `insert into ${planTable(input.importId)}
     select distinct on (r.id) s.row_number, r.id, r.version, ${sameExpression(input.unmappedFields)},
       ${MATCHED_BY.id}, ${deliveredExpression("r", 2)}
     from ${stagingTable(input.importId)} s join records r on r.collection_id = $1 and r.id = s.source_id
     where s.errors is null and s.source_id is not null
     order by r.id, s.row_number`,
    [input.collectionId, input.deliveries as string[]],
  );
}

/**
 * Pairs the rows whose key no other row has: one join. Where several records have that key, the row takes the one with
 * the same content, else the first. A server runs a query that makes a table on several processors, and one that adds to
 * a table on one, so the plan is made by it where nothing was matched before.
 */
async function matchSingleKeys(
  tx: SqlTransaction,
  input: MatchInput,
  { recordHash }: Keys,
  { openRows, openRecords, isFirst }: OpenConditions,
): Promise<void> {
  const { importId, collectionId, deliveries } = input;
  const plan = planTable(importId);
  const isSingle = (await hasRepeatedKeys(tx, importId))
    ? `and not exists (select from ${repeatedTable(importId)} q where q.key_hash = s.key_hash)`
    : "";
  const pairs = `
    select * from (
      select distinct on (s.row_number) s.row_number, r.id as record_id, r.version as record_version,
        ${sameOfKeyExpression(input)} as same, ${MATCHED_BY.key}::smallint as how, ${deliveredExpression("r", 2)} as delivered
      from ${stagingTable(importId)} s join records r on r.collection_id = $1 and ${recordHash} = s.key_hash
      where s.errors is null ${isSingle} ${openRows} ${openRecords}
      order by s.row_number, same desc nulls last, r.id) pairs
    where same is not null`;
  const parameters = [collectionId, deliveries as string[]];
  // The server takes rows whose fields agree for few, and would walk through the repeated keys for each of them.
  await tx`set local enable_nestloop = off`;
  if (isFirst) {
    await tx.unsafe(`drop table ${plan}`);
    await tx.unsafe(`create table ${plan} with (autovacuum_enabled = false) as ${pairs}`, parameters);
  } else {
    await tx.unsafe(`insert into ${plan} ${pairs}`, parameters);
  }
  await tx`set local enable_nestloop = on`;
}

/**
 * SQL text of `same` for a record and a row with equal key hashes; null where the keys differ all the same, which is no
 * match. One value says both: a condition beside it would compare the contents of each pair a second time.
 */
function sameOfKeyExpression({ criteria, unmappedFields }: MatchInput): string {
  const same = sameExpression(unmappedFields);
  if (criteria.length === 0) return `case when ${same} then true end`;
  const equal = keyEquals(criteria, "r.data", "s.data");
  const sameImpliesKey = criteria.every((field) => !unmappedFields.includes(field));
  return sameImpliesKey
    ? `case when ${same} then true when ${equal} then false end`
    : `case when ${equal} then ${same} end`;
}

/** Takes over what fuzzy matching found: a table of pairs (row_number, record_id, …). */
export async function addFuzzyPairs(
  tx: SqlTransaction,
  input: MatchInput & { pairsTable: string },
): Promise<void> {
  await tx.unsafe(
    `insert into ${planTable(input.importId)}
     select f.row_number, r.id, r.version, ${sameExpression(input.unmappedFields)}, ${MATCHED_BY.fuzzy},
       ${deliveredExpression("r", 2)}
     from ${input.pairsTable} f join records r on r.collection_id = $1 and r.id = f.record_id
       join ${stagingTable(input.importId)} s on s.row_number = f.row_number`,
    [input.collectionId, input.deliveries as string[]],
  );
}
