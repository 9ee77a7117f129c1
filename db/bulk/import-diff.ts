import type { SqlTransaction } from "@/db/client";
import { MATCHED_BY } from "./match-input";
import { fieldsWhere, fieldValues, inStages } from "./compared-fields";
import { clashConfidence } from "./clash-confidence";
import type { ScoredField } from "./match-score";
import { onSeveralProcessors } from "./several-processors";
import { basesOf, type BasesInput } from "./source-bases";
import { diffTable, goneTable, planTable, repeatedTable, stagingTable } from "./staging";

export interface DiffInput extends BasesInput {
  /** Undefined while the collection is still to be created: nothing can match. */
  collectionId: string | undefined;
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
  await tx.unsafe(`drop table if exists ${diff}`);
  if (input.collectionId === undefined) {
    await tx.unsafe(`create table ${diff} (row_number integer primary key, base jsonb, taken text[], clashing text[],
      confidence smallint, repeated boolean)`);
    return;
  }
  const collectionId = uuid(input.collectionId);
  const fields = input.mappedFields;
  const bases = basesOf(input, collectionId);
  const rows = fieldValues(fields, "s.data", "incoming");
  const records = fieldValues(fields, "r.data", "existing");
  const differs = (n: number) => `${rows.value(n)} is distinct from ${records.value(n)}`;
  const taken = (n: number) =>
    `${differs(n)} and ${bases.isKnown(n)} and ${bases.isRecords(n, records.value(n))}`;
  const clashing = (n: number) =>
    `${differs(n)} and case when ${bases.isKnown(n)}
       then not (${bases.isRecords(n, records.value(n))} or ${bases.isRows(n, rows.value(n))})
       else ${rows.value(n)} is not null end`;
  const sureness = clashConfidence(input.scored, "incoming", "existing");
  const compared = inStages(
    `select ${[...rows.columns, ...records.columns, ...bases.columns].join(", ")},
       p.row_number, p.how, k.key_hash is not null as repeated
     from ${planTable(input.importId)} p
     join ${stagingTable(input.importId)} s on s.row_number = p.row_number
     join records r on r.collection_id = ${collectionId} and r.id = p.record_id
     ${bases.join}
     left join ${repeatedTable(input.importId)} k on k.key_hash = s.key_hash
     where not p.same`,
    `select row_number, repeated, incoming, existing, how, ${bases.given("existing")} as base,
       ${fieldsWhere(fields, taken)} as taken, ${fieldsWhere(fields, clashing)} as clashing`,
    `select *, how <> ${MATCHED_BY.id} and cardinality(clashing) > 0 as is_unsure`,
    `select ${["*", ...sureness.texts("is_unsure")].join(", ")}`,
    `select ${["*", ...sureness.comparables].join(", ")}`,
    `select row_number, base, taken, clashing, repeated,
       (case when is_unsure then ${sureness.confidence} else 1000 end)::smallint as confidence`,
  );
  await onSeveralProcessors(
    tx,
    `create table ${diff} with (autovacuum_enabled = false) as ${bases.with} ${compared}`,
  );
  await tx.unsafe(`alter table ${diff} add primary key (row_number)`);
  await tx.unsafe(`analyze ${diff}`);
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
