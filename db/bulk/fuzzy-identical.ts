import type { SqlTransaction } from "@/db/client";
import type { FuzzyInput } from "./fuzzy-match";
import { literal } from "./key-hash";
import { ALIKE, comparable, comparableHash, type ScoredField, scoreExpressions } from "./match-score";

/**
 * Pairs rows and records that agree in everything the rule scores: among several, identical content first, then in
 * order, one to one. Such a pair is never given up for others (what is exactly the same is the same thing). Leaves the
 * temporary tables fuzzy_rows and fuzzy_records: every open row and record by the hash of what is scored.
 */
export async function pairIdentical(tx: SqlTransaction, input: FuzzyInput): Promise<void> {
  const scored = input.rule.fields.filter(isScored);
  const extras = input.rule.fields.filter((f) => !isScored(f) && f.confidenceWeight > 0);
  const columns = (data: string) =>
    [
      `${identityHash(scored, data)} as whole`,
      ...extras.map((f, n) => `${comparableHash(f, data)} as e${n}`),
    ].join(", ");
  await tx.unsafe(
    `create temp table fuzzy_rows on commit drop as
     select s.row_number, ${columns("s.data")} from ${input.stagedTable} s
     where s.errors is null and ${saysSomething(scored, "s.data")} ${input.openRows}`,
  );
  await tx.unsafe(
    `create temp table fuzzy_records on commit drop as
     select r.id, r.version, ${columns("r.data")} from records r
     where r.collection_id = ${literal(input.collectionId)}::uuid and ${saysSomething(scored, "r.data")} ${input.openRecords}`,
  );
  await tx.unsafe(`analyze fuzzy_rows`);
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
  await tx.unsafe(`analyze fuzzy_pairs`);
}

/** Notes in fuzzy_repeated what several rows or several records say alike, as far as both sides say it. */
async function findRepeated(tx: SqlTransaction): Promise<boolean> {
  await tx.unsafe(`drop table if exists pg_temp.fuzzy_repeated`);
  const result = await tx.unsafe(
    `create temp table fuzzy_repeated on commit drop as
     select whole from fuzzy_rows group by 1 having count(*) > 1
     union select whole from fuzzy_records group by 1 having count(*) > 1`,
  );
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

export function isScored(field: ScoredField): boolean {
  return field.weight > 0 || field.required;
}

/** SQL text that is true for data with a value in any scored field: rows that say nothing match nothing. */
function saysSomething(scored: readonly ScoredField[], data: string): string {
  return `${data} ?| array[${scored.map((f) => literal(f.field)).join(",")}]::text[]`;
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
 * SQL text (bigint): equal only where every scored field is wholly alike (2^-64 aside). Not every such pair has it: "1"
 * and "1.0" differ here, and the candidates find them. No date is parsed for it. Each hash is the seed of the next, and
 * "A", which neither folded text nor JSON text nor a date can be, stands for an empty value.
 */
function identityHash(fields: readonly ScoredField[], data: string): string {
  return fields.reduce((seed, f) => {
    const value = `${data} ->> ${literal(f.field)}`;
    const text = {
      exact: `(${data} -> ${literal(f.field)})::text`,
      folded: comparable(f, data),
      text: `ferry_fold(${value})`,
      days: `left(${value}, 10)`,
      number: value,
    }[f.comparator.kind];
    return `hashtextextended(coalesce(${text}, 'A'), ${seed})`;
  }, "0");
}
