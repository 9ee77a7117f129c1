import type { AnySql, SqlTransaction } from "@/db/client";
import { keyEquals, keyHashExpression, literal } from "./key-hash";
import { planTable, stagingTable } from "./staging";

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
 * it last.
 */
export async function createPlan(tx: SqlTransaction, importId: string): Promise<void> {
  // A million hashes are sorted and joined in memory instead of in files.
  await tx`set local work_mem = '128MB'`;
  await tx.unsafe(`drop table if exists ${planTable(importId)}`);
  await tx.unsafe(`create table ${planTable(importId)} (row_number integer not null, record_id uuid not null,
    record_version integer not null, same boolean not null, how smallint not null, delivered boolean not null) with (autovacuum_enabled = false)`);
}

export async function closePlan(tx: SqlTransaction, importId: string): Promise<void> {
  await tx.unsafe(`alter table ${planTable(importId)} add primary key (row_number)`);
  await tx.unsafe(`analyze ${planTable(importId)}`);
}

/**
 * Finds for every staged row the record it is by equality: first by the record id that the file states, then by equal
 * key. Each record is given to one row and each row to one record; among several with one key, identical content pairs
 * first, then order. Runs in the caller's transaction.
 */
export async function matchStrictly(tx: SqlTransaction, input: MatchInput): Promise<void> {
  await matchById(tx, input);
  await matchByKey(tx, input);
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

async function matchByKey(tx: SqlTransaction, input: MatchInput): Promise<void> {
  const { criteria, unmappedFields, collectionId } = input;
  const parameters = [collectionId, input.deliveries as string[]];
  const plan = planTable(input.importId);
  const staged = stagingTable(input.importId);
  const comparable = withoutUnmapped(unmappedFields, "r.data");
  // Without a key the content is compared, and only what the file speaks of.
  const recordHash =
    criteria.length === 0 && unmappedFields.length > 0
      ? keyHashExpression([], comparable)
      : input.criteriaAreOwnKey
        ? "r.key_hash"
        : keyHashExpression(criteria, "r.data");
  const { openRows, openRecords } = await openConditions(tx, input.importId);

  if (!(await hasRepeatedKeys(tx, staged))) {
    await tx.unsafe(
      `insert into ${plan}
       select distinct on (s.row_number) s.row_number, r.id, r.version, ${sameExpression(unmappedFields)},
         ${MATCHED_BY.key}, ${deliveredExpression("r", 2)}
       from ${staged} s join records r on r.collection_id = $1 and ${recordHash} = s.key_hash
       where s.errors is null and ${keyEquals(criteria, criteria.length === 0 ? comparable : "r.data", "s.data")} ${openRows} ${openRecords}
       order by s.row_number, (${sameExpression(unmappedFields)}) desc, r.id`,
      parameters,
    );
    return;
  }
  // Several rows of one key: the n-th row with some content takes the n-th record with that content. Only hashes are
  // sorted, not rows: key and content hash are independent, and 128 equal bits need no second look.
  const contentHash = (data: string) => `jsonb_hash_extended(${data}, 1)`;
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select id, version, key_hash, content_hash, delivered,
         row_number() over (partition by key_hash, content_hash order by id) as nth
       from (select r.id, r.version, ${deliveredExpression("r", 2)} as delivered, ${recordHash} as key_hash, ${contentHash(comparable)} as content_hash
             from records r where r.collection_id = $1 ${openRecords}) r
     ), s as (
       select row_number, key_hash, content_hash,
         row_number() over (partition by key_hash, content_hash order by row_number) as nth
       from (select s.row_number, s.key_hash, ${contentHash("s.data")} as content_hash
             from ${staged} s where s.errors is null ${openRows}) s
     )
     select s.row_number, r.id, r.version, true, ${MATCHED_BY.key}, r.delivered
     from s join r on r.key_hash = s.key_hash and r.content_hash = s.content_hash and r.nth = s.nth`,
    parameters,
  );
  if (criteria.length === 0) return;
  await tx.unsafe(`analyze ${plan}`);
  // What is left pairs by key alone, in order.
  await tx.unsafe(
    `insert into ${plan}
     with r as (
       select r.id, r.version, ${recordHash} as key_hash,
         row_number() over (partition by ${recordHash} order by r.id) as nth
       from records r where r.collection_id = $1 and not exists (select from ${plan} q where q.record_id = r.id)
     ), s as (
       select s.row_number, s.key_hash, row_number() over (partition by s.key_hash order by s.row_number) as nth
       from ${staged} s where s.errors is null and not exists (select from ${plan} q where q.row_number = s.row_number)
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

/** SQL text of the conditions that keep what has been matched out: of staged rows `s` and of records `r`. */
export async function openConditions(
  tx: AnySql,
  importId: string,
): Promise<{ openRows: string; openRecords: string }> {
  const plan = planTable(importId);
  await tx.unsafe(`analyze ${plan}`);
  const [matched] = await tx.unsafe<{ any: boolean }[]>(`select exists (select from ${plan}) as any`);
  if (!matched?.any) return { openRows: "", openRecords: "" };
  return {
    openRows: `and not exists (select from ${plan} q where q.row_number = s.row_number)`,
    openRecords: `and not exists (select from ${plan} q where q.record_id = r.id)`,
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

async function hasRepeatedKeys(tx: AnySql, staged: string): Promise<boolean> {
  const [row] = await tx.unsafe<{ any: boolean }[]>(
    `select exists (select 1 from ${staged} where errors is null and key_hash is not null
       group by key_hash having count(*) > 1) as any`,
  );
  return row?.any ?? false;
}
