import type { SqlTransaction } from "@/db/client";
import { MATCHED_BY } from "./match-input";
import { literal } from "./key-hash";
import { comparable, scoreExpressions, type ScoredField } from "./match-score";
import { diffTable, goneTable, planTable, repeatedTable, stagingTable } from "./staging";

export interface DiffInput {
  importId: string;
  /** Undefined while the collection is still to be created: nothing can match. */
  collectionId: string | undefined;
  /** Fields that a column of the file feeds. */
  mappedFields: readonly string[];
  /** Earlier imports of the same source that still stand: what they gave last is the base. None = no base is known. */
  deliveries: readonly string[];
  /** How sure a match is that clashes: fields with their weights, compared as fuzzy matching does. */
  scored: readonly ScoredField[];
}

/**
 * Says of every planned row that differs from its record in which fields it does, and writes the diff table:
 * - `base`: what this source gave the record last time, of the fields it spoke of; null when it never did.
 * - `taken`: fields that only the file changed since; they are taken without asking.
 * - `clashing`: fields changed on both sides, or, where no base is known, fields in which the file says something else.
 * Fields that only the person changed are in neither: theirs stay. An empty cell counts as a change only against a base
 * that had a value; without a base it says nothing.
 */
export async function diffPlanned(tx: SqlTransaction, input: DiffInput): Promise<void> {
  const diff = diffTable(input.importId);
  const staged = stagingTable(input.importId);
  await tx.unsafe(`drop table if exists ${diff}`);
  if (input.collectionId === undefined) {
    await tx.unsafe(`create table ${diff} (row_number integer primary key, base jsonb, taken text[], clashing text[],
      confidence smallint, repeated boolean)`);
    return;
  }
  const collectionId = uuid(input.collectionId);
  const names = input.mappedFields;
  const list = (expression: (name: string) => string) =>
    names.length === 0
      ? "'{}'::text[]"
      : `array_remove(array[${names.map((n) => `case when ${expression(literal(n))} then ${literal(n)} end`).join(", ")}]::text[], null)`;
  const differs = (n: string) => `s.data -> ${n} is distinct from r.data -> ${n}`;
  const known = (n: string) => `b.given is not null and ${n} = any(b.fields)`;
  const taken = (n: string) =>
    `${differs(n)} and ${known(n)} and r.data -> ${n} is not distinct from b.given -> ${n}`;
  const clashing = (n: string) =>
    `${differs(n)} and case when ${known(n)} then s.data -> ${n} is distinct from b.given -> ${n}
       and r.data -> ${n} is distinct from b.given -> ${n} else s.data ? ${n} end`;
  // Without "offset 0" the server writes out a list of fields at every place that asks for it, and reckons it each time.
  await tx.unsafe(
    `create table ${diff} with (autovacuum_enabled = false) as
     ${basesQuery(input, collectionId)}
     select row_number, base, taken, clashing, repeated,
       (case when how = ${MATCHED_BY.id} or cardinality(clashing) = 0 then 1000 else ${confidence(input.scored)} end)::smallint
         as confidence
     from (
       select p.row_number, p.how, b.given as base, ${list(taken)} as taken, ${list(clashing)} as clashing,
         k.key_hash is not null as repeated, s.data as incoming, r.data as existing
       from ${planTable(input.importId)} p
       join ${staged} s on s.row_number = p.row_number
       join records r on r.collection_id = ${collectionId} and r.id = p.record_id
       left join bases b on b.record_id = p.record_id
       left join ${repeatedTable(input.importId)} k on k.key_hash = s.key_hash
       where not p.same offset 0) compared`,
  );
  await tx.unsafe(`alter table ${diff} add primary key (row_number)`);
  await tx.unsafe(`analyze ${diff}`);
}

function confidence(fields: readonly ScoredField[]): string {
  const over = (data: string) => (n: number) => comparable(fields[n]!, data);
  return scoreExpressions(fields, over("incoming"), over("existing")).confidence;
}

/**
 * WITH clause `bases (record_id, given, fields)`. What a source gave last is written down in record_givens only where it
 * differs from what the record became; otherwise a record last written by an import of the source is what it gave.
 */
function basesQuery({ importId, deliveries }: DiffInput, collectionId: string): string {
  if (deliveries.length === 0) {
    return "with bases as (select null::uuid as record_id, null::jsonb as given, null::text[] as fields where false)";
  }
  return `with deliveries as (
       select id, given_fields as fields from imports where id = any(array[${deliveries.map(uuid).join(",")}]::uuid[])
     ), planned as (
       select p.record_id from ${planTable(importId)} p where not p.same
     ), bases as (
       select distinct on (record_id) record_id, given, fields from (
         select g.record_id, g.given, d.fields, g.given_at
         from record_givens g join deliveries d on d.id = g.import_id join planned p on p.record_id = g.record_id
         where g.collection_id = ${collectionId}
         union all
         select r.id, r.data, d.fields, r.updated_at
         from planned p join records r on r.collection_id = ${collectionId} and r.id = p.record_id
           join deliveries d on d.id = r.source_import_id
         where not exists (select from record_givens g where g.collection_id = r.collection_id
           and g.record_id = r.id and g.import_id = r.source_import_id)
       ) known order by record_id, given_at desc
     )`;
}

/** Lists the records that the file does not have: what "replace" removes. */
export async function listGone(tx: SqlTransaction, importId: string, collectionId: string): Promise<number> {
  await dropGone(tx, importId);
  const result = await tx.unsafe(
    `create table ${goneTable(importId)} with (autovacuum_enabled = false) as
     select row_number() over (order by r.id)::int as ordinal, r.id as record_id, r.version as record_version
     from records r where r.collection_id = ${uuid(collectionId)}
       and not exists (select from ${planTable(importId)} p where p.record_id = r.id)`,
  );
  await tx.unsafe(`alter table ${goneTable(importId)} add primary key (ordinal)`);
  return result.count;
}

export async function dropGone(tx: SqlTransaction, importId: string): Promise<void> {
  await tx.unsafe(`drop table if exists ${goneTable(importId)}`);
}

/** Utility statements take no parameters. */
function uuid(id: string): string {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new Error("not an id");
  return `'${id}'::uuid`;
}
