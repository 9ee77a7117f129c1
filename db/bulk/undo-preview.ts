import type { AnySql } from "@/db/client";
import { type ActionRules, changedDataExpression } from "./import-actions";
import { isFreshExpression, isInsertedExpression, type RecordIds } from "./row-id";
import { diffTable, planTable, stagingTable } from "./staging";

type Data = Record<string, string | number | boolean>;

export interface EditedRecord {
  recordId: string;
  kind: "inserted" | "updated";
  version: number;
  fields: string[];
  before: Data | null;
  written: Data | null;
  current: Data;
}

export interface UndoPreview {
  toRemove: number;
  toRestore: number;
  toReinsert: number;
  changedSince: EditedRecord[];
  changedSinceCount: number;
  laterImports: {
    id: string;
    restoreId: string | null;
    fileName: string;
    finishedAt: Date;
    records: number;
  }[];
}

interface PreviewInput {
  importId: string;
  collectionId: string;
  ids: RecordIds;
  lastRow: number;
  /** Edited records that are listed at most; all are counted. */
  limit: number;
  /** False when the staged rows are gone: then only edits by hand tell what the import had written. */
  isStaged: boolean;
  /** Those that the import was applied by. */
  rules: ActionRules;
}

// A record counts as edited when it is at another version than the import left it at, and somebody else wrote it last.
// Chunks that are back already (an undo that failed half-way) have nothing left to take back.
const STANDING = `from journal_entries e join journal_chunks k on k.import_id = e.import_id and k.chunk = e.chunk
  where e.import_id = $1 and k.undone_at is null`;

/** What undoing an import would do: counts over all records, and those edited since by name. */
export async function previewUndo(sql: AnySql, input: PreviewInput): Promise<UndoPreview> {
  const { importId, collectionId } = input;
  const isOurs = sql.unsafe(isInsertedExpression({ ...input, firstRow: 1 }));
  const isFresh = sql.unsafe(
    `(${isFreshExpression(input)} or source_import_id is not distinct from '${importId}'::uuid)`,
  );
  const [inserted] = await sql<{ same: number; edited: number }[]>`
    select count(*) filter (where ${isFresh})::int8 as same, count(*) filter (where not ${isFresh})::int8 as edited
    from records where collection_id = ${collectionId} and ${isOurs}`;
  const [updated] = await sql.unsafe<{ same: number; edited: number }[]>(
    `select count(*) filter (where r.version = e.after_version or r.source_import_id = $1)::int8 as same,
       count(*) filter (where r.version <> e.after_version and r.source_import_id is distinct from $1)::int8 as edited
     from (select e.record_id, e.after_version ${STANDING} and e.op = 'update' and e.after_version <> 0) e
       join records r on r.collection_id = $2 and r.id = e.record_id`,
    [importId, collectionId],
  );
  const [deleted] = await sql.unsafe<{ count: number }[]>(
    `select count(*)::int8 as count from (select e.record_id ${STANDING} and e.op = 'delete'
       and e.after_version is distinct from 0) e
     where not exists (select from records r where r.collection_id = $2 and r.id = e.record_id)`,
    [importId, collectionId],
  );
  const edited = (inserted?.edited ?? 0) + (updated?.edited ?? 0);
  return {
    toRemove: inserted?.same ?? 0,
    toRestore: updated?.same ?? 0,
    toReinsert: deleted?.count ?? 0,
    changedSince: edited === 0 ? [] : await listEdited(sql, input),
    changedSinceCount: edited,
    laterImports: await laterImports(sql, input),
  };
}

/**
 * Edited records with what they were before the import, as it wrote them, and now. As it wrote an updated one: as it was
 * before the first edit by hand, where that is on record; otherwise reckoned as the import had.
 */
async function listEdited(sql: AnySql, input: PreviewInput): Promise<EditedRecord[]> {
  const { importId, collectionId, limit, isStaged } = input;
  const planned = isStaged
    ? `left join ${planTable(importId)} p on p.record_id = r.id`
    : "left join (select null::int as row_number where false) p on true";
  const rows = await sql.unsafe<EditedRecord[]>(
    `with edited as (
       (select r.id, 'inserted' as kind, r.version, r.data, null::jsonb as before, 1 as after_version,
          ('x' || right(r.id::text, 8))::bit(32)::bigint as row_number
        from records r where r.collection_id = $2 and ${isInsertedExpression({ ...input, firstRow: 1 }, "r.id")}
          and not ${isFreshExpression(input, "r")} and r.source_import_id is distinct from $1 order by r.id limit $3)
       union all
       (select r.id, 'updated', r.version, r.data, e.before, e.after_version, p.row_number
        from (select e.record_id, e.before, e.after_version ${STANDING} and e.op = 'update' and e.after_version <> 0) e
          join records r on r.collection_id = $2 and r.id = e.record_id ${planned}
        where r.version <> e.after_version and r.source_import_id is distinct from $1 order by r.id limit $3)
     ), known as (
       select edited.*, ${isStaged ? writtenExpression(input.rules) : "h.before"} as written
       from edited ${isStaged ? stagedRow(input) : ""}
         left join record_edits h on h.collection_id = $2 and h.record_id = edited.id
           and h.version = edited.after_version + 1
     )
     select id as "recordId", kind, version, before, written, data as current, array(
       select k from (select jsonb_object_keys(data) union
                      select jsonb_object_keys(coalesce(written, before, '{}'))) keys(k)
       where (data -> k) is distinct from (coalesce(written, before, '{}') -> k) order by k) as fields
     from known order by id limit $3`,
    [importId, collectionId, limit],
  );
  return [...rows];
}

/** SQL text of what the import had written: s, d, x and r are those of `changedDataExpression`, h the first edit since. */
function writtenExpression(rules: ActionRules): string {
  return `case when edited.kind = 'inserted' then s.data
    else coalesce(h.before, case when s.row_number is not null then ${changedDataExpression(rules)} end) end`;
}

function stagedRow({ importId, ids }: PreviewInput): string {
  return `left join ${stagingTable(importId)} s
      on ${ids.by === "stated" ? "s.source_id = edited.id" : "s.row_number = edited.row_number"}
    left join ${diffTable(importId)} d on d.row_number = s.row_number
    left join import_resolutions x on x.import_id = $1 and x.row_number = s.row_number
    cross join lateral (select edited.before as data) r`;
}

/** Imports that finished later, still stand, and changed records which this one had made or changed. */
async function laterImports(sql: AnySql, input: PreviewInput): Promise<UndoPreview["laterImports"]> {
  const { importId, collectionId } = input;
  const isOurs = sql.unsafe(isInsertedExpression({ ...input, firstRow: 1 }, "e.record_id"));
  const rows = await sql<UndoPreview["laterImports"]>`
    select l.id, l.restore_id as "restoreId", l.file_name as "fileName", l.finished_at as "finishedAt", made.count + changed.count as records
    from imports i
      join imports l on l.collection_id = i.collection_id and l.finished_at > i.finished_at and l.id <> i.id
        and l.state in ('completed', 'completed_with_errors', 'cancelled')
      cross join lateral (
        select count(*)::int8 from journal_entries e join journal_chunks k on k.import_id = l.id and k.chunk = e.chunk
        where e.import_id = l.id and ${isOurs} and k.undone_at is null) made
      cross join lateral (
        select count(*)::int8 from journal_entries e join journal_chunks k on k.import_id = l.id and k.chunk = e.chunk
          join journal_entries mine on mine.import_id = i.id and mine.record_id = e.record_id
        where e.import_id = l.id and k.undone_at is null) changed
    where i.id = ${importId} and i.collection_id = ${collectionId} and made.count + changed.count > 0
    order by l.finished_at`;
  return [...rows];
}

/** Those of the given fields that had no value before the import changed their record. */
export async function findEmptied(
  sql: AnySql,
  importId: string,
  wanted: readonly { recordId: string; field: string }[],
): Promise<{ recordId: string; field: string }[]> {
  if (wanted.length === 0) return [];
  const rows = await sql<{ recordId: string; field: string }[]>`
    select e.record_id as "recordId", w.field
    from unnest(${wanted.map((w) => w.recordId)}::uuid[], ${wanted.map((w) => w.field)}::text[]) as w(id, field)
      join journal_chunks k on k.import_id = ${importId}
      join journal_entries e on e.import_id = k.import_id and e.chunk = k.chunk and e.record_id = w.id
        and e.op = 'update'
    where not (e.before ? w.field)`;
  return [...rows];
}
