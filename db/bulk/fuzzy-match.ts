import type { SqlTransaction } from "@/db/client";
import { pairIdentical } from "./fuzzy-identical";
import { collectCandidates } from "./fuzzy-candidates";
import type { FuzzyInput } from "./fuzzy-input";

/** Candidates that compete for a row or a record, in the order of their row and record, both counted from 0. */
export interface ContestedPairs {
  rows: Int32Array;
  records: Int32Array;
  values: Float64Array;
}

/** Beyond this many contested pairs, clear winners are decided in the database until so many are left. */
const CONTESTED_MAX = 1_000_000;
const BATCH = 50_000;
/** A pair's confidence only decides between assignments of the same total score. */
const SCORE_UNIT = 1_000_000;

/**
 * Finds pairs of staged rows and records that are alike enough. What is clear is written to the temporary table
 * `fuzzy_pairs`; what several rows or records compete for is left in `fuzzy_contested`, to be read with
 * `readContested`, decided, and written with `storeAssignment`.
 * @throws ValidationError `matching-too-broad` when the rule would compare too many pairs
 */
export async function findFuzzyPairs(tx: SqlTransaction, input: FuzzyInput): Promise<void> {
  await tx`set local work_mem = '128MB'`;
  await createPairTable(tx);
  await pairIdentical(tx, input);
  await collectCandidates(tx, input);
  await acceptUncontested(tx);
  await numberContested(tx);
}

async function createPairTable(tx: SqlTransaction): Promise<void> {
  await tx.unsafe(`drop table if exists pg_temp.fuzzy_pairs, pg_temp.fuzzy_contested, pg_temp.fuzzy_candidates,
    pg_temp.fuzzy_rows, pg_temp.fuzzy_records`);
  await tx.unsafe(`create temp table fuzzy_pairs (row_number integer not null, record_id uuid not null,
    record_version integer not null, score integer not null, confidence integer not null) on commit drop`);
}

const COLUMNS = "row_number, record_id, record_version, score, confidence";

/** A candidate that nobody else competes with is a pair. */
async function acceptUncontested(tx: SqlTransaction): Promise<void> {
  await tx.unsafe(
    `with rows as (select row_number from fuzzy_candidates group by 1 having count(*) = 1),
       records as (select record_id from fuzzy_candidates group by 1 having count(*) = 1),
       clear as (select c.ctid, c.* from fuzzy_candidates c join rows using (row_number) join records using (record_id)),
       gone as (delete from fuzzy_candidates c using clear where c.ctid = clear.ctid)
     insert into fuzzy_pairs select ${COLUMNS} from clear`,
  );
}

/**
 * Numbers the contested candidates. Where there are more than memory should hold, pairs that are the best choice of both
 * sides are made first, round by round: no assignment is likely to do without them.
 */
async function numberContested(tx: SqlTransaction): Promise<void> {
  for (;;) {
    const [row] = await tx<{ n: number }[]>`select count(*)::int8 as n from fuzzy_candidates`;
    if ((row?.n ?? 0) <= CONTESTED_MAX) break;
    await acceptMutualBest(tx);
    await acceptUncontested(tx);
  }
  await tx.unsafe(
    `create temp table fuzzy_contested on commit drop as
     select row_number() over (order by row_number, record_id)::int - 1 as pair,
       dense_rank() over (order by row_number)::int - 1 as row, dense_rank() over (order by record_id)::int - 1 as record,
       ${COLUMNS} from fuzzy_candidates`,
  );
}

async function acceptMutualBest(tx: SqlTransaction): Promise<void> {
  await tx.unsafe(
    `with best as (
       select ${COLUMNS} from (
         select *, row_number() over (partition by row_number order by score desc, confidence desc, record_id, row_number) as of_row,
           row_number() over (partition by record_id order by score desc, confidence desc, record_id, row_number) as of_record
         from fuzzy_candidates) c
       where of_row = 1 and of_record = 1)
     insert into fuzzy_pairs select * from best`,
  );
  await tx.unsafe(
    `delete from fuzzy_candidates c where exists (select from fuzzy_pairs p where p.row_number = c.row_number)
       or exists (select from fuzzy_pairs p where p.record_id = c.record_id)`,
  );
}

export async function readContested(tx: SqlTransaction): Promise<ContestedPairs> {
  const [size] = await tx<{ n: number }[]>`select count(*)::int8 as n from fuzzy_contested`;
  const count = size?.n ?? 0;
  const pairs = {
    rows: new Int32Array(count),
    records: new Int32Array(count),
    values: new Float64Array(count),
  };
  if (count === 0) return pairs;
  const cursor = tx<{ pair: number; row: number; record: number; score: number; confidence: number }[]>`
    select pair, row, record, score, confidence from fuzzy_contested`.cursor(BATCH);
  for await (const batch of cursor) {
    for (const { pair, row, record, score, confidence } of batch) {
      pairs.rows[pair] = row;
      pairs.records[pair] = record;
      pairs.values[pair] = score * SCORE_UNIT + confidence;
    }
  }
  return pairs;
}

/** Makes the chosen ones of the contested pairs, given by their index. */
export async function storeAssignment(tx: SqlTransaction, chosen: Int32Array): Promise<void> {
  for (let at = 0; at < chosen.length; at += BATCH) {
    await tx.unsafe(
      `insert into fuzzy_pairs select ${COLUMNS} from fuzzy_contested where pair = any($1::int[])`,
      [[...chosen.subarray(at, at + BATCH)]],
    );
  }
}
