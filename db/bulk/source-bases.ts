import { literal } from "./key-hash";
import { planTable } from "./staging";

export interface BasesInput {
  importId: string;
  /** Fields that a column of the file feeds. */
  mappedFields: readonly string[];
  /** Earlier imports of the same source that still stand: what they gave last is the base. None = no base is known. */
  deliveries: readonly string[];
}

/** What a source gave its records last time, the base of three-way merging: SQL texts for the parts of a query. */
export interface Bases {
  /** The query's WITH clause. */
  with: string;
  /** Joins to record r. */
  join: string;
  /** Columns of the query that joins. The texts below read them, outside of it. */
  columns: string[];
  /** What was given; null when nothing ever was. `record` is the record's data. */
  given(record: string): string;
  /** The source spoke of the n-th field. */
  isKnown(n: number): string;
  /** What it gave in the n-th field, given that it spoke of it, is `value`, which is that of the record. */
  isRecords(n: number, value: string): string;
  /** The same of the value of a row, given that it is not the record's. */
  isRows(n: number, value: string): string;
}

const NONE: Bases = {
  with: "",
  join: "",
  columns: [],
  given: () => "null::jsonb",
  isKnown: () => "false",
  isRecords: () => "false",
  isRows: () => "false",
};

/**
 * What a source gave last is noted in record_givens only where it differs from what the record became; otherwise a
 * record that an import of the source wrote last is itself what it gave (`is_own`). Nothing is sorted or copied for
 * those: in most updates they are all.
 * @param collection SQL text of the collection's id
 */
export function basesOf({ importId, deliveries, mappedFields }: BasesInput, collection: string): Bases {
  if (deliveries.length === 0) return NONE;
  const noted = (n: number) => `noted_given -> ${literal(mappedFields[n]!)}`;
  const known = mappedFields.map((name) => `${literal(name)} = any(given_fields)`);
  return {
    // Not materialized: several processors may read it then.
    with: `with deliveries as not materialized (
       select id, array[${known.join(", ")}]::boolean[] as known
       from imports where id in (${deliveries.map((id) => `${literal(id)}::uuid`).join(", ")})
     ), noted as (
       select distinct on (g.record_id) g.record_id, g.given, g.given_at, d.known
       from record_givens g join deliveries d on d.id = g.import_id
         join ${planTable(importId)} p on p.record_id = g.record_id and not p.same
       where g.collection_id = ${collection} order by g.record_id, g.given_at desc
     )`,
    join: `left join deliveries own on own.id = r.source_import_id
       left join noted on noted.record_id = r.id`,
    columns: [
      `own.id is not null and (noted.record_id is null or r.updated_at > noted.given_at and not exists (
         select from record_givens g where g.collection_id = r.collection_id and g.record_id = r.id
           and g.import_id = r.source_import_id)) as is_own`,
      "noted.given as noted_given",
      "own.known as own_known",
      "noted.known as noted_known",
    ],
    given: (record) => `case when is_own then ${record} else noted_given end`,
    isKnown: (n) => `(case when is_own then own_known else noted_known end)[${n + 1}]`,
    isRecords: (n, value) => `(is_own or ${value} is not distinct from ${noted(n)})`,
    isRows: (n, value) => `${value} is not distinct from ${noted(n)}`,
  };
}
