import { sql } from "drizzle-orm";
import { writtenRowsQuery, type WrittenChunk } from "@/db/bulk/written-rows";
import { stagingTable } from "@/db/bulk/staging";
import type { Orm, OrmTransaction } from "@/db/client";
import type { ImportRow } from "./imports";
import type { HistoryKey, NotedChange } from "./record-history";
import type { RecordRow } from "./records";

type AnyOrm = Orm | OrmTransaction;

/** An undo or redo of an import that had updated the record, and what it noted of it, if anything. */
export interface RunOfUpdate extends Pick<
  NotedChange,
  "importId" | "restoreId" | "jobId" | "label" | "beforeSourceImportId" | "beforeCreatedAt"
> {
  runId: string;
  kind: "undo" | "redo";
  at: Date;
  /** The import's journal: the version that it changed. */
  beforeVersion: number;
  /** False of a run from before chunks were noted: such a run noted every record that it changed. */
  hasChunk: boolean;
  noted: { op: string; afterVersion: number | null } | null;
}

/** The runs over the chunks whose journals say that an import updated the record, import by import, oldest first. */
export async function findRunsOfUpdates(orm: AnyOrm, key: HistoryKey): Promise<RunOfUpdate[]> {
  const rows = await orm.execute<Record<string, unknown>>(sql`
    select n.id as "runId", n.kind, n.started_at as at, i.id as "importId", i.restore_id as "restoreId",
      case when i.restore_id is null then n.id end as "jobId", i.file_name as label,
      j.before_version as "beforeVersion", j.before_source_import_id as "beforeSourceImportId",
      j.before_created_at as "beforeCreatedAt", c.undo_id is not null as "hasChunk",
      case when u.undo_id is not null
        then jsonb_build_object('op', u.op, 'afterVersion', u.after_version) end as noted
    from imports i
      join journal_chunks k on k.import_id = i.id
      join journal_entries j on j.import_id = i.id and j.chunk = k.chunk and j.record_id = ${key.id} and j.op = 'update'
      join import_undos n on n.import_id = i.id
      left join undo_chunks c on c.undo_id = n.id and c.chunk = k.chunk
      left join undo_entries u on u.undo_id = n.id and u.chunk = k.chunk and u.record_id = j.record_id
    where i.owner_id = ${key.ownerId} and i.collection_id = ${key.collectionId}
      and (c.undo_id is not null or u.undo_id is not null)
    order by i.id, n.started_at, n.id`);
  return rows.map((row) => {
    const run = row as unknown as RunOfUpdate & { at: string; beforeCreatedAt: string };
    return { ...run, at: new Date(run.at), beforeCreatedAt: new Date(run.beforeCreatedAt) };
  });
}

/** What an import had made of a record that it updated; undefined when its rows are no longer kept. */
export async function findWritten(
  orm: AnyOrm,
  key: HistoryKey,
  row: Pick<ImportRow, "id">,
  rules: WrittenChunk["rules"],
): Promise<RecordRow["data"] | undefined> {
  const [found] = await orm.execute<{ chunk: number; firstRow: string; lastRow: string; there: boolean }>(sql`
    select k.chunk, k.first_row as "firstRow", k.last_row as "lastRow",
      to_regclass(${stagingTable(row.id)}) is not null as there
    from journal_chunks k
      join journal_entries j on j.import_id = k.import_id and j.chunk = k.chunk and j.record_id = ${key.id}
        and j.op = 'update'
    where k.import_id = ${row.id}`);
  if (!found?.there) return undefined;
  const chunk: WrittenChunk = {
    importId: row.id,
    rules,
    chunk: found.chunk,
    firstRow: Number(found.firstRow),
    lastRow: Number(found.lastRow),
  };
  const [written] = await orm.execute<{ data: RecordRow["data"] }>(
    sql`select w.data from (${sql.raw(writtenRowsQuery(chunk, key.id))}) w`,
  );
  return written?.data;
}
