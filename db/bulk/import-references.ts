import type { SqlTransaction } from "@/db/client";
import { keyHashExpression, literal } from "./key-hash";
import { rowIdExpression } from "./row-id";
import { planTable, stagingTable } from "./staging";

export interface ReferenceField {
  name: string;
  /** The collection it points to; it belongs to the same owner. */
  collectionId: string;
  /** That collection's key, when it is one field: a name then finds the record too. */
  keyField: string | undefined;
}

export interface Dangling {
  field: string;
  /** Rows whose reference points nowhere. */
  rows: number;
  samples: { row: number; value: string }[];
}

const SAMPLES_MAX = 5;
const UUID_TEXT = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/**
 * Turns references of staged rows into ids of records that are there: a record's own id, the id it had in the export it
 * came from, or, for a collection with one key field, its name. What points nowhere stays as it is.
 */
export async function linkReferences(
  tx: SqlTransaction,
  importId: string,
  field: ReferenceField,
): Promise<void> {
  const name = literal(field.name);
  const byName = field.keyField
    ? `union all select v.value, r.id, 3, false from v join records r on r.collection_id = $1
         and r.key_hash = ${keyHashExpression([field.keyField], `jsonb_build_object(${literal(field.keyField)}, v.value)`)}
         and r.data ->> ${literal(field.keyField)} = v.value`
    : "";
  await tx.unsafe(
    `with v as (
       select distinct s.data ->> ${name} as value from ${stagingTable(importId)} s
       where s.errors is null and s.data ? ${name}
     ), ids as (select value, value::uuid as id from v where value ~ '${UUID_TEXT}'),
     candidates as (
       select ids.value, r.id, 1 as rank, true as as_is from ids
         join records r on r.collection_id = $1 and r.id = ids.id
       union all
       select ids.value, r.id, 2, false from ids join record_origins o on o.collection_id = $1 and o.origin_id = ids.id
         join records r on r.collection_id = $1 and r.id = o.record_id
       ${byName}
     ), found as (
       select distinct on (value) value, id, as_is from candidates order by value, rank, id desc
     )
     update ${stagingTable(importId)} s set data = s.data || jsonb_build_object(${name}, found.id::text)
     from found where s.errors is null and s.data ->> ${name} = found.value and not found.as_is`,
    [field.collectionId],
  );
}

/**
 * The same for references to rows of this very file, wherever in it they stand: they become the ids that those rows are
 * going to have. After matching, since a matched row keeps the id of its record.
 */
export async function linkWithinFile(
  tx: SqlTransaction,
  importId: string,
  idPrefix: string,
  name: string,
): Promise<void> {
  const staged = stagingTable(importId);
  await tx.unsafe(
    `update ${staged} s set data = s.data || jsonb_build_object(${literal(name)}, target.id::text)
     from (select distinct on (t.source_id) t.source_id::text as origin,
             coalesce(p.record_id, ${rowIdExpression({ by: "prefix", prefix: idPrefix }, "t")}) as id
           from ${staged} t left join ${planTable(importId)} p on p.row_number = t.row_number
           where t.source_id is not null and t.errors is null order by t.source_id, t.row_number) target
     where s.errors is null and s.data ->> ${literal(name)} = target.origin
       and s.data ->> ${literal(name)} <> target.id::text`,
  );
}

/** References that point nowhere: neither to a record nor to a row of this file. */
export async function findDangling(
  tx: SqlTransaction,
  importId: string,
  idPrefix: string,
  field: ReferenceField,
  /** The collection the import writes to; its own new rows count as there. */
  into: string | undefined,
): Promise<Dangling | undefined> {
  const name = literal(field.name);
  const staged = stagingTable(importId);
  const inFile =
    field.collectionId === into
      ? `and not exists (select from ${staged} t where t.errors is null
           and ${rowIdExpression({ by: "prefix", prefix: idPrefix }, "t")}::text = s.data ->> ${name})`
      : "";
  const rows = await tx.unsafe<{ row: number; value: string; count: number }[]>(
    `select s.row_number as row, left(s.data ->> ${name}, 200) as value, count(*) over ()::int8 as count
     from ${staged} s
     where s.errors is null and s.data ? ${name} and not exists (
       select from records r where r.collection_id = $1 and r.id::text = s.data ->> ${name}) ${inFile}
     order by s.row_number limit ${SAMPLES_MAX}`,
    [field.collectionId],
  );
  if (rows.length === 0) return undefined;
  return {
    field: field.name,
    rows: rows[0]!.count,
    samples: rows.map(({ row, value }) => ({ row, value })),
  };
}
