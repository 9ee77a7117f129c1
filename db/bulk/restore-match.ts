import type { SqlTransaction } from "@/db/client";
import { fieldsWhere, fieldValues, inStages } from "./compared-fields";
import { literal } from "./key-hash";
import { MATCHED_BY, sameExpression } from "./match-input";
import { settleTable } from "./settle-table";
import { onSeveralProcessors } from "./several-processors";
import { diffTable, floorTable, goneTable, planTable, stagingTable } from "./staging";

export interface RestoreMatchInput {
  importId: string;
  /** Undefined while the collection is still to be made: then nothing can match. */
  collectionId: string | undefined;
  /** Fields that the backup fills. */
  filled: readonly string[];
  /** Fields of the collection that it does not know. */
  unmappedFields: readonly string[];
  /** Today's records descend from the backup's: a higher version says that only today's side has moved. */
  isOwnHistory: boolean;
}

/**
 * Lays the rows of a backup beside today's records: by id, and by nothing else. Fills the tables that a file's matching
 * fills as well (import-match.ts, import-diff.ts), so that counts, review and application are the same; the keys that
 * several rows have are of no account.
 */
export async function matchRestored(tx: SqlTransaction, input: RestoreMatchInput): Promise<void> {
  const { importId } = input;
  const plan = planTable(importId);
  await tx.unsafe(`drop table if exists ${[plan, diffTable(importId), floorTable(importId)].join(", ")}`);
  if (input.collectionId === undefined) {
    await matchNothing(tx, importId);
    return;
  }
  await tx`set local work_mem = '128MB'`;
  const collection = `${literal(input.collectionId)}::uuid`;
  // `delivered`: a backup is no source that gives records their values time and again.
  const { count } = await tx.unsafe(
    `create table ${plan} with (autovacuum_enabled = false) as
     select s.row_number, r.id as record_id, r.version as record_version,
       ${sameExpression(input.unmappedFields)} as same, ${MATCHED_BY.id}::smallint as how, true as delivered
     from ${stagingTable(importId)} s join records r on r.collection_id = ${collection} and r.id = s.source_id
     where s.errors is null`,
  );
  await settleTable(tx, plan, "row_number", count);
  await diffRestored(tx, input, collection);
  await knowVersions(tx, input, collection);
}

/** The same tables, empty: those of thousands of collections are made at once. What is stored plain needs no second table. */
async function matchNothing(tx: SqlTransaction, importId: string): Promise<void> {
  await tx.unsafe(
    `create table ${planTable(importId)} (row_number integer, record_id uuid, record_version integer, same boolean,
       how smallint, delivered boolean) with (autovacuum_enabled = false);
     create table ${diffTable(importId)} (row_number integer, base jsonb storage plain, taken text[] storage plain,
       clashing text[] storage plain, confidence smallint, repeated boolean, contested boolean)
       with (autovacuum_enabled = false);
     create table ${floorTable(importId)} ${FLOOR_COLUMNS}`,
  );
}

const FLOOR_COLUMNS = "(record_id uuid, version integer) with (autovacuum_enabled = false)";

/**
 * `clashing`: every field in which the two differ, those that are empty in the backup included. `contested`: both say
 * something else, and it cannot be told that only today's side has moved since.
 */
async function diffRestored(
  tx: SqlTransaction,
  { importId, filled, isOwnHistory }: RestoreMatchInput,
  collection: string,
): Promise<void> {
  const rows = fieldValues(filled, "s.data", "s");
  const records = fieldValues(filled, "r.data", "r");
  const clashing = fieldsWhere(filled, (n) => `${rows.value(n)} is distinct from ${records.value(n)}`);
  // Where either side says nothing this is null, which makes no difference beside another field that is contested.
  const contested = filled.map((_, n) => `${rows.value(n)} <> ${records.value(n)}`).join(" or ");
  const compared = inStages(
    `select ${[...rows.columns, ...records.columns].join(", ")},
       p.row_number, ${isOwnHistory ? "r.version > s.version" : "false"} as moved_here
     from ${planTable(importId)} p
     join ${stagingTable(importId)} s on s.row_number = p.row_number
     join records r on r.collection_id = ${collection} and r.id = p.record_id
     where not p.same`,
    `select row_number, null::jsonb as base, '{}'::text[] as taken, 1000::smallint as confidence, false as repeated,
       ${clashing} as clashing, not moved_here and coalesce(${contested || "false"}, false) as contested`,
  );
  const diff = diffTable(importId);
  const rowsCompared = await onSeveralProcessors(
    tx,
    `create table ${diff} with (autovacuum_enabled = false) as ${compared}`,
  );
  await settleTable(tx, diff, "row_number", rowsCompared);
}

/**
 * What records that come back have been through here already: edits and deletions by hand, imports, undos. Those of an
 * account that never had them have been through nothing.
 */
async function knowVersions(
  tx: SqlTransaction,
  { importId }: RestoreMatchInput,
  collection: string,
): Promise<void> {
  const floor = floorTable(importId);
  const unmatched = `from ${stagingTable(importId)} s where s.errors is null
    and not exists (select from ${planTable(importId)} p where p.row_number = s.row_number)`;
  const [back] = await tx.unsafe<{ any: boolean }[]>(`select exists (select ${unmatched}) as any`);
  if (!back?.any) {
    await tx.unsafe(`create table ${floor} ${FLOOR_COLUMNS}`);
    return;
  }
  const changes = (table: string, after: string, imports: string) => `
    select e.record_id, greatest(e.before_version, ${after}) as version
    from ${table} e ${imports} where i.collection_id = ${collection}`;
  // An undo notes nothing of a record that was as the import had left it, and leads one version on.
  const journal = changes(
    "journal_entries",
    "e.after_version + (k.undone_at is not null and k.undo_id is not null)::int",
    "join imports i on i.id = e.import_id join journal_chunks k on k.import_id = e.import_id and k.chunk = e.chunk",
  );
  const undos = changes(
    "undo_entries",
    "e.after_version",
    "join import_undos u on u.id = e.undo_id join imports i on i.id = u.import_id",
  );
  const { count } = await tx.unsafe(
    `create table ${floor} with (autovacuum_enabled = false) as
     with back as (
       select s.source_id as id ${unmatched}
     ), known as (
       select record_id, version from record_edits where collection_id = ${collection}
       union all ${journal}
       union all ${undos}
     )
     select k.record_id, max(k.version) as version
     from known k join back on back.id = k.record_id where k.version is not null group by k.record_id`,
  );
  await settleTable(tx, floor, "record_id", count);
}

/** Lists today's records that the backup does not have, the invalid ones among its rows counted in. */
export async function listMadeSince(
  tx: SqlTransaction,
  importId: string,
  collectionId: string,
): Promise<number> {
  const gone = goneTable(importId);
  await tx.unsafe(`drop table if exists ${gone}`);
  const result = await tx.unsafe(
    `create table ${gone} with (autovacuum_enabled = false) as
     select row_number() over (order by r.id)::int as ordinal, r.id as record_id, r.version as record_version
     from records r where r.collection_id = ${literal(collectionId)}::uuid
       and not exists (select from ${stagingTable(importId)} s where s.source_id = r.id)`,
  );
  await settleTable(tx, gone, "ordinal", result.count);
  return result.count;
}
