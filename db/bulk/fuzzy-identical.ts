import type { SqlTransaction } from "@/db/client";
import type { FuzzyInput } from "./fuzzy-input";
import { literal } from "./key-hash";
import { ALIKE, comparableHash, type ScoredField, scoreExpressions } from "./match-score";

/** Rows up to which records are chosen by them. Beyond, looking for a record's row costs more than keeping the record. */
const FEW_ROWS = 250_000;

/**
 * Pairs rows and records that hold the same in everything the rule scores: among several, identical content first, then in
 * order, one to one. Such a pair is never given up for others: what is the same is the same thing.
 */
export async function pairIdentical(tx: SqlTransaction, input: FuzzyInput): Promise<void> {
  const scored = input.rule.fields.filter(isScored);
  const extras = input.rule.fields.filter((f) => !isScored(f) && f.confidenceWeight > 0);
  const columns = (data: string) =>
    [
      `${identityHash(scored, data)} as whole`,
      ...extras.map((f, n) => `${comparableHash(f, data)} as e${n}`),
    ].join(", ");
  // Rows that say nothing match nothing.
  const silent = identityHash(scored, "'{}'::jsonb");
  const rows = await tx.unsafe(
    `create temp table fuzzy_rows on commit drop as
     select * from (select s.row_number, ${columns("s.data")} from ${input.stagedTable} s
       where s.errors is null ${input.openRows} offset 0) c where whole <> ${silent}`,
  );
  await tx.unsafe(`analyze fuzzy_rows`);
  const chosen = rows.count <= FEW_ROWS ? "where whole in (select whole from fuzzy_rows)" : "";
  await tx.unsafe(
    `create temp table fuzzy_records on commit drop as
     select * from (select r.id, r.version, ${columns("r.data")} from records r
       where r.collection_id = ${literal(input.collectionId)}::uuid ${input.openRecords} offset 0) c
     ${chosen}`,
  );
  await tx.unsafe(`analyze fuzzy_records`);
  const confidence = confidenceOfIdentical(scored, extras);
  const repeated = await findRepeated(tx);
  await tx.unsafe(
    `insert into fuzzy_pairs
     select s.row_number, r.id, r.version, ${ALIKE}, ${confidence}
     from fuzzy_rows s join fuzzy_records r on r.whole = s.whole
     ${repeated ? "where not exists (select from fuzzy_repeated m where m.whole = s.whole)" : ""}`,
  );
  if (repeated) await pairRepeated(tx, input, confidence);
  await tx.unsafe(`drop table fuzzy_rows, fuzzy_records`);
  await tx.unsafe(`analyze fuzzy_pairs`);
}

/** Notes in fuzzy_repeated what several rows or several records say alike. */
async function findRepeated(tx: SqlTransaction): Promise<boolean> {
  await tx.unsafe(`drop table if exists pg_temp.fuzzy_repeated`);
  // Sorted: counting a million hashes by hashing takes twice as long.
  await tx`set local enable_hashagg = off`;
  const result = await tx.unsafe(
    `create temp table fuzzy_repeated on commit drop as
     select whole from fuzzy_rows group by 1 having count(*) > 1
     union select whole from fuzzy_records group by 1 having count(*) > 1`,
  );
  await tx`set local enable_hashagg to default`;
  await tx.unsafe(`analyze fuzzy_repeated`);
  return result.count > 0;
}

/** The n-th row with some content takes the n-th record with that content; what is left pairs in order. */
async function pairRepeated(tx: SqlTransaction, input: FuzzyInput, confidence: string): Promise<void> {
  const given = input.unmappedFields.length
    ? `(r.data - array[${input.unmappedFields.map(literal).join(",")}]::text[])`
    : "r.data";
  await tx.unsafe(
    `with s as (
       select f.*, row_number() over (partition by whole, content order by row_number) as nth from (
         select f.*, jsonb_hash_extended(s.data, 1) as content from fuzzy_rows f
         join fuzzy_repeated using (whole) join ${input.stagedTable} s on s.row_number = f.row_number) f
     ), r as (
       select f.*, row_number() over (partition by whole, content order by id) as nth from (
         select f.*, jsonb_hash_extended(${given}, 1) as content from fuzzy_records f
         join fuzzy_repeated using (whole)
         join records r on r.collection_id = ${literal(input.collectionId)}::uuid and r.id = f.id) f
     )
     insert into fuzzy_pairs
     select s.row_number, r.id, r.version, ${ALIKE}, ${confidence}
     from s join r using (whole, content, nth)`,
  );
  await tx.unsafe(
    `with s as (
       select f.*, row_number() over (partition by whole order by row_number) as nth
       from fuzzy_rows f join fuzzy_repeated using (whole)
       where not exists (select from fuzzy_pairs p where p.row_number = f.row_number)
     ), r as (
       select f.*, row_number() over (partition by whole order by id) as nth
       from fuzzy_records f join fuzzy_repeated using (whole)
       where not exists (select from fuzzy_pairs p where p.record_id = f.id)
     )
     insert into fuzzy_pairs
     select s.row_number, r.id, r.version, ${ALIKE}, ${confidence}
     from s join r using (whole, nth)`,
  );
}

function isScored(field: ScoredField): boolean {
  return field.weight > 0 || field.required;
}

function confidenceOfIdentical(scored: readonly ScoredField[], extras: readonly ScoredField[]): string {
  const { likenesses } = scoreExpressions(
    extras,
    (n) => `s.e${n}`,
    (n) => `r.e${n}`,
  );
  const certain = scored.reduce((sum, f) => sum + f.confidenceWeight, 0);
  const whole = extras.reduce((sum, f) => sum + f.confidenceWeight, certain);
  if (whole === 0) return String(ALIKE);
  const parts = extras.map((f, n) => `${f.confidenceWeight} * (${likenesses[n]})`);
  return `(${[certain * ALIKE, ...parts].join(" + ")}) / ${whole}`;
}

/**
 * SQL text (bigint): equal only where the scored fields hold the same values, as written (2^-64 aside). Nothing is folded
 * or parsed for it: what differs in case only is found among the candidates. Each hash is the seed of the next.
 */
function identityHash(fields: readonly ScoredField[], data: string): string {
  return fields.reduce((seed, { field, comparator }) => {
    const value = `${data} ->> ${literal(field)}`;
    // The number 5 and the text "5" are the same to every comparator but this one.
    const text = comparator.kind === "exact" ? `(${data} -> ${literal(field)})::text` : value;
    return `hashtextextended(coalesce(${text}, ${EMPTY}), ${seed})`;
  }, "0");
}

/** Stands for an empty value: control characters that no file has in this order. */
const EMPTY = `E'\\x01\\x1f\\x02'`;
