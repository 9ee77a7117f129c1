import type { AnySql } from "@/db/client";
import { isInsertedExpression, type RecordIds } from "./row-id";
import { IS_AS_BEFORE } from "./undo-run";

export interface RedoPreview {
  toReinsert: number;
  toRestore: number;
  toRemove: number;
  changedSinceCount: number;
  /** Imports into the collection that finished after the undo. */
  laterImports: {
    id: string;
    restoreId: string | null;
    fileName: string;
    finishedAt: Date;
    records: number;
  }[];
}

/** What bringing an undone import back would do. */
export async function previewRedo(
  sql: AnySql,
  input: { importId: string; collectionId: string; ids: RecordIds; lastRow: number },
): Promise<RedoPreview> {
  const { importId, collectionId } = input;
  const isOurs = sql.unsafe(isInsertedExpression({ ...input, firstRow: 1 }, "u.record_id"));
  const asBefore = sql.unsafe(IS_AS_BEFORE);
  const [chunks] = await sql<{ inserted: number; since: Date | null }[]>`
    select coalesce(sum(inserted), 0)::int8 as inserted, min(undone_at) as since
    from journal_chunks where import_id = ${importId} and undone_at is not null`;
  const [entries] = await sql<
    { own: number; images: number; updates: number; unedited: number; putBack: number; untouched: number }[]
  >`
    select
      count(*) filter (where u.op <> 'insert' and ${isOurs})::int8 as own,
      count(*) filter (where u.op = 'delete')::int8 as images,
      count(*) filter (where u.op = 'update')::int8 as updates,
      count(*) filter (where u.op = 'update' and same)::int8 as unedited,
      count(*) filter (where u.op = 'insert')::int8 as "putBack",
      count(*) filter (where u.op = 'insert' and same)::int8 as untouched
    from journal_chunks k
      join undo_entries u on u.undo_id = k.undo_id and u.chunk = k.chunk
      left join records r on r.collection_id = ${collectionId} and r.id = u.record_id
      left join journal_entries e on e.import_id = ${importId} and e.chunk = k.chunk and e.record_id = u.record_id
      cross join lateral (select coalesce(r.version = u.after_version or ${asBefore}, false) as same) is_same
    where k.import_id = ${importId} and k.undone_at is not null`;
  // Of records that were as the import had left them the undo noted nothing.
  const [implied] = await sql<{ updates: number; unedited: number }[]>`
    select count(*)::int8 as updates, count(*) filter (where r.version = e.after_version + 1 or ${asBefore})::int8 as unedited
    from journal_chunks k
      join undo_chunks c on c.undo_id = k.undo_id and c.chunk = k.chunk
      join journal_entries e on e.import_id = k.import_id and e.chunk = k.chunk and e.op = 'update'
      left join records r on r.collection_id = ${collectionId} and r.id = e.record_id
    where k.import_id = ${importId} and k.undone_at is not null and e.after_version <> 0
      and not exists (select from undo_entries u
        where u.undo_id = k.undo_id and u.chunk = k.chunk and u.record_id = e.record_id)`;
  const { updates = 0, unedited = 0 } = implied ?? {};
  const e = entries ?? { own: 0, images: 0, updates: 0, unedited: 0, putBack: 0, untouched: 0 };
  const later = chunks?.since
    ? await sql<RedoPreview["laterImports"]>`
        select id, restore_id as "restoreId", file_name as "fileName", finished_at as "finishedAt",
          coalesce((result -> 'summary' ->> 'imported')::int8, 0) + coalesce((result -> 'summary' ->> 'updated')::int8, 0)
            + coalesce((result -> 'summary' ->> 'deleted')::int8, 0) as records
        from imports where collection_id = ${collectionId} and id <> ${importId} and finished_at > ${chunks.since}
          and state in ('completed', 'completed_with_errors') order by finished_at`
    : [];
  return {
    toReinsert: (chunks?.inserted ?? 0) - e.own + e.images,
    toRestore: e.unedited + unedited,
    toRemove: e.untouched,
    changedSinceCount: e.updates + updates - e.unedited - unedited + e.putBack - e.untouched,
    laterImports: later.filter((l) => l.records > 0),
  };
}
