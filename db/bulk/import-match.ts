import postgres from "postgres";
import type { AnySql, SqlTransaction } from "@/db/client";
import { keyEquals, keyHashExpression, literal } from "./key-hash";
import { gatherRepeatedKeys, hasRepeatedKeys, REPEATED_KEYS } from "./repeated-keys";
import { planTable, stagingTable } from "./staging";

const UNIQUE_VIOLATION = "23505";

export interface MatchInput {
  importId: string;
  collectionId: string;
  /** Fields whose equality makes two records the same one; none = the whole content. */
  criteria: readonly string[];
  /** True when `criteria` are the collection's own key, whose hash every record carries. */
  criteriaAreOwnKey: boolean;
  /** Fields of the collection that the file does not fill. */
  unmappedFields: readonly string[];
  /** Earlier imports of the same source that still stand. */
  deliveries: readonly string[];
}

/** How a row was matched, as the plan table's `how` says. */
export const MATCHED_BY = { id: 0, key: 1, fuzzy: 2 } as const;

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
  await tx.unsafe(`create table ${planTable(importId)} (row_number integer constraint ${primaryKeyName(importId)} primary key, record_id uuid not null,
    record_version integer not null, same boolean not null, how smallint not null, delivered boolean not null) with (autovacuum_enabled = false)`);
}

export async function closePlan(tx: SqlTransaction, importId: string): Promise<void> {
  await tx.unsafe(`analyze ${planTable(importId)}`);
}

/**
 * Finds for every staged row the record it is by equality: first by the record id that the file states, then by equal
 * key. Each record is given to one row and each row to one record; among several with one key, identical content pairs
 * first, then order. Runs in the transaction that has just created the plan.
 */
export async function matchStrictly(tx: SqlTransaction, input: MatchInput): Promise<void> {
  await matchById(tx, input);
  const open = await openConditions(tx, input.importId);
  const keys = keysOf(input);
  await matchSingleKeys(tx, input, keys, open);
  if (await hasRepeatedKeys(tx)) await matchRepeatedKeys(tx, input, keys);
}

/** How keys are told: SQL texts of a record's key hash, and of what it says where only content is compared. */
interface Keys {
  recordHash: string;
  comparable: string;
}

function keysOf({ criteria, criteriaAreOwnKey, unmappedFields }: MatchInput): Keys {
  const comparable = withoutUnmapped(unmappedFields, "r.data");
  // Without a key the content is compared, and only what the file speaks of.
  if (criteria.length === 0 && unmappedFields.length > 0)
    return { comparable, recordHash: keyHashExpression([], comparable) };
  return { comparable, recordHash: criteriaAreOwnKey ? "r.key_hash" : keyHashExpression(criteria, "r.data") };
}

/** SQL text: what a record says in the fields that the file fills. */
function withoutUnmapped(unmappedFields: readonly string[], data: string): string {
  return unmappedFields.length === 0 ? data : `(${data} - array[${unmappedFields.map(literal).join(",")}])`;
}

/** SQL text of `same` for a record r and a staged row s. */
export function sameExpression(unmappedFields: readonly string[], record = "r", row = "s"): string {
  return `${withoutUnmapped(unmappedFields, `${record}.data`)} = ${row}.data`;
}

/** SQL text: an import of the same source wrote record `r` last. The parameter is the list of those imports. */
function deliveredExpression(record: string, parameter: number): string {
  return `coalesce(${record}.source_import_id = any($${parameter}::uuid[]), false)`;
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
 * Pairs the rows whose key no other row has: one join. A server runs a query that makes a table on several processors,
 * and one that adds to a table on one, so the plan is made by it where nothing was matched before.
 */
async function matchSingleKeys(
  tx: SqlTransaction,
  { importId, collectionId, criteria, unmappedFields, deliveries }: MatchInput,
  { recordHash }: Keys,
  { openRows, openRecords, isFirst }: OpenConditions,
): Promise<void> {
  const plan = planTable(importId);
  const same = sameExpression(unmappedFields);
  const equal = keyEquals(criteria, "r.data", "s.data");
  const sameImpliesKey = criteria.every((field) => !unmappedFields.includes(field));
  const isOfKey = criteria.length === 0 ? same : sameImpliesKey ? `(${same} or ${equal})` : equal;
  const pairs = `
    select s.row_number, r.id as record_id, r.version as record_version, ${same} as same,
      ${MATCHED_BY.key}::smallint as how, ${deliveredExpression("r", 2)} as delivered
    from ${stagingTable(importId)} s join records r on r.collection_id = $1 and ${recordHash} = s.key_hash
    where s.errors is null
      and not exists (select from ${REPEATED_KEYS} q where q.key_hash = s.key_hash)
      and ${isOfKey}
      ${openRows} ${openRecords}`;
  const parameters = [collectionId, deliveries as string[]];
  if (isFirst) {
    await tx.unsafe(`drop table ${plan}`);
    await tx.unsafe(`create table ${plan} with (autovacuum_enabled = false) as ${pairs}`, parameters);
  } else {
    await tx.unsafe(`alter table ${plan} drop constraint ${primaryKeyName(importId)}`);
    await tx.unsafe(`insert into ${plan} ${pairs}`, parameters);
  }
  await makeUnique(tx, importId);
}

/**
 * Gives the plan its key. Where several records have the key of one row, which is rare enough to be found out by trying,
 * the row keeps the one with the same content, else the first.
 */
async function makeUnique(tx: SqlTransaction, importId: string): Promise<void> {
  const plan = planTable(importId);
  const addKey = `alter table ${plan} add constraint ${primaryKeyName(importId)} primary key (row_number)`;
  try {
    await tx.savepoint((attempt) => attempt.unsafe(addKey));
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== UNIQUE_VIOLATION) throw error;
    await tx.unsafe(
      `delete from ${plan} p using (
         select row_number, record_id, row_number() over (partition by row_number order by same desc, record_id) as nth
         from ${plan} where row_number in (select row_number from ${plan} group by row_number having count(*) > 1)) q
       where p.row_number = q.row_number and p.record_id = q.record_id and q.nth > 1`,
    );
    await tx.unsafe(addKey);
  }
}

/**
 * Pairs the rows that share their key with other rows: the n-th row with some content takes the n-th record with that
 * content, and what is left pairs by key alone, in order.
 */
async function matchRepeatedKeys(
  tx: SqlTransaction,
  { importId, collectionId, criteria, unmappedFields, deliveries }: MatchInput,
  { recordHash, comparable }: Keys,
): Promise<void> {
  const plan = planTable(importId);
  const staged = stagingTable(importId);
  const parameters = [collectionId, deliveries as string[]];
  const openRecords = `not exists (select from ${plan} q where q.record_id = r.id)`;
  const openRows = `not exists (select from ${plan} q where q.row_number = s.row_number)`;
  const ofRepeated = (hash: string) => `exists (select from ${REPEATED_KEYS} q where q.key_hash = ${hash})`;
  // Only hashes are sorted, not rows: key and content hash are independent, and 128 equal bits need no second look.
  const contentHash = (data: string) => `jsonb_hash_extended(${data}, 1)`;
  await tx.unsafe(`analyze ${plan}`);
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select id, version, key_hash, content_hash, delivered,
         row_number() over (partition by key_hash, content_hash order by id) as nth
       from (select r.id, r.version, ${deliveredExpression("r", 2)} as delivered, ${recordHash} as key_hash, ${contentHash(comparable)} as content_hash
             from records r where r.collection_id = $1 and ${ofRepeated(recordHash)} and ${openRecords}) r
     ), s as (
       select row_number, key_hash, content_hash,
         row_number() over (partition by key_hash, content_hash order by row_number) as nth
       from (select s.row_number, s.key_hash, ${contentHash("s.data")} as content_hash
             from ${staged} s where s.errors is null and ${ofRepeated("s.key_hash")} and ${openRows}) s
     )
     select s.row_number, r.id, r.version, true, ${MATCHED_BY.key}, r.delivered
     from s join r on r.key_hash = s.key_hash and r.content_hash = s.content_hash and r.nth = s.nth`,
    parameters,
  );
  if (criteria.length === 0) return;
  await tx.unsafe(`analyze ${plan}`);
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select r.id, r.version, ${recordHash} as key_hash,
         row_number() over (partition by ${recordHash} order by r.id) as nth
       from records r where r.collection_id = $1 and ${ofRepeated(recordHash)} and ${openRecords}
     ), s as (
       select s.row_number, s.key_hash, row_number() over (partition by s.key_hash order by s.row_number) as nth
       from ${staged} s where s.errors is null and ${ofRepeated("s.key_hash")} and ${openRows}
     )
     select s.row_number, r.id, r.version, ${sameExpression(unmappedFields, "rr", "ss")},
       ${MATCHED_BY.key}, ${deliveredExpression("rr", 2)}
     from s join r on r.key_hash = s.key_hash and r.nth = s.nth
       join ${staged} ss on ss.row_number = s.row_number
       join records rr on rr.collection_id = $1 and rr.id = r.id
     where ${keyEquals(criteria, "rr.data", "ss.data")}`,
    parameters,
  );
}

/** What keeps out what has been matched already: SQL texts about staged rows `s` and records `r`. */
export interface OpenConditions {
  openRows: string;
  openRecords: string;
  /** Nothing has been matched yet. */
  isFirst: boolean;
}

export async function openConditions(tx: AnySql, importId: string): Promise<OpenConditions> {
  const plan = planTable(importId);
  await tx.unsafe(`analyze ${plan}`);
  const [matched] = await tx.unsafe<{ any: boolean }[]>(`select exists (select from ${plan}) as any`);
  if (!matched?.any) return { openRows: "", openRecords: "", isFirst: true };
  return {
    openRows: `and not exists (select from ${plan} q where q.row_number = s.row_number)`,
    openRecords: `and not exists (select from ${plan} q where q.record_id = r.id)`,
    isFirst: false,
  };
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

function primaryKeyName(importId: string): string {
  return `plan_${importId.replaceAll("-", "")}_key`;
}
