import type { AnySql, SqlTransaction } from "@/db/client";
import { keyEquals, keyHashExpression } from "./key-hash";

type Data = Record<string, string | number | boolean>;

/** The temporary table of rows to try matching with; it has what a staging table has of a row. */
export const SAMPLE_TABLE = "pg_temp.matching_sample";

/**
 * Copies up to `limit` valid staged rows, spread over the whole file, to SAMPLE_TABLE.
 */
export async function takeSample(
  tx: SqlTransaction,
  stagedTable: string,
  limit: number,
): Promise<{ rows: number; sampledRows: number }> {
  await tx`set local work_mem = '128MB'`;
  await tx.unsafe(`drop table if exists ${SAMPLE_TABLE}`);
  const [counted] = await tx.unsafe<{ rows: number; last: number }[]>(
    `select count(*) filter (where errors is null)::int8 as rows, coalesce(max(row_number), 0) as last from ${stagedTable}`,
  );
  const { rows = 0, last = 0 } = counted ?? {};
  const step = Math.max(1, Math.ceil(last / limit));
  const result = await tx.unsafe(
    `create temp table matching_sample on commit drop as
     select s.row_number, s.data, s.errors, s.key_hash, s.source_id from ${stagedTable} s
     join generate_series(1, ${last}, ${step}) n on n = s.row_number where s.errors is null`,
  );
  await tx.unsafe(`analyze matching_sample`);
  return { rows, sampledRows: result.count };
}

/** Fills the temporary table matched (row_number, record_id, is_by_id): by the id in the file, then by equal key. */
export async function matchSampleStrictly(
  tx: SqlTransaction,
  input: { collectionId: string; criteria: readonly string[]; criteriaAreOwnKey: boolean },
): Promise<{ byId: number; byKey: number }> {
  await tx`drop table if exists pg_temp.matched`;
  await tx`create temp table matched (row_number integer, record_id uuid, is_by_id boolean) on commit drop`;
  const byId = await tx`
    insert into matched select distinct on (r.id) s.row_number, r.id, true
    from matching_sample s join records r on r.collection_id = ${input.collectionId} and r.id = s.source_id
    order by r.id, s.row_number`;
  const hash = input.criteriaAreOwnKey ? "r.key_hash" : keyHashExpression(input.criteria, "r.data");
  const byKey = await tx.unsafe(
    `with found as (
       select s.row_number, r.id, s.key_hash, dense_rank() over (partition by s.key_hash order by s.row_number) as nth_row,
         dense_rank() over (partition by s.key_hash order by r.id) as nth_record
       from matching_sample s join records r on r.collection_id = $1 and ${hash} = s.key_hash
       where ${keyEquals(input.criteria, "r.data", "s.data")}
         and not exists (select from matched m where m.row_number = s.row_number)
         and not exists (select from matched m where m.record_id = r.id))
     insert into matched select row_number, id, false from found where nth_row = nth_record`,
    [input.collectionId],
  );
  return { byId: byId.count, byKey: byKey.count };
}

/** Conditions for matchFuzzily that leave out what `matchSampleStrictly` has matched. */
export const OPEN_IN_SAMPLE = {
  openRows: "and not exists (select from matched m where m.row_number = s.row_number)",
  openRecords: "and not exists (select from matched m where m.record_id = r.id)",
};

export interface SampledPair {
  row: number;
  incoming: Data;
  id: string;
  version: number;
  existing: Data;
  score: number;
  confidence: number;
}

/** Pairs of fuzzy_pairs, the most doubtful first. */
export async function readDoubtful(
  tx: SqlTransaction,
  collectionId: string,
  limit: number,
): Promise<SampledPair[]> {
  return await tx<SampledPair[]>`
    select p.row_number as row, s.data as incoming, r.id, r.version, r.data as existing, p.score, p.confidence
    from (select * from fuzzy_pairs order by confidence, score, row_number limit ${limit}) p
    join matching_sample s on s.row_number = p.row_number
    join records r on r.collection_id = ${collectionId} and r.id = p.record_id
    order by p.confidence, p.score, p.row_number`;
}

/** How many of fuzzy_pairs reach each limit of confidence (thousandths). */
export async function countByConfidence(
  sql: AnySql,
  limits: { skipFrom: number; askFrom: number },
): Promise<{ skip: number; ask: number; overwrite: number }> {
  const [row] = await sql<{ skip: number; ask: number; overwrite: number }[]>`
    select count(*) filter (where confidence >= ${limits.skipFrom})::int8 as skip,
      count(*) filter (where confidence < ${limits.skipFrom} and confidence >= ${limits.askFrom})::int8 as ask,
      count(*) filter (where confidence < ${limits.askFrom} and confidence < ${limits.skipFrom})::int8 as overwrite
    from fuzzy_pairs`;
  return row ?? { skip: 0, ask: 0, overwrite: 0 };
}
