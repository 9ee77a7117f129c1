import { and, eq, inArray, sql } from "drizzle-orm";
import type { Orm, OrmTransaction } from "@/db/client";
import { importUndos, journalChunks, journalEntries, recordEdits, undoEntries } from "@/db/schema";
import type { RecordRow } from "./records";

type AnyOrm = Orm | OrmTransaction;
type Data = RecordRow["data"];
type EditRow = typeof recordEdits.$inferInsert;

export interface HistoryKey {
  ownerId: string;
  collectionId: string;
  id: string;
}

/**
 * One change of a record as its source noted it, without the data. `ref` names it within the source: the version of an
 * edit, the id of an import, the id of an undo's or redo's run.
 */
export interface NotedChange {
  source: "edit" | "import" | "undo";
  ref: string;
  kind: "edit" | "revert" | "delete" | "restore" | "import" | "undo" | "redo";
  /** null = there was no record before the change, or there is none after it */
  beforeVersion: number | null;
  afterVersion: number | null;
  /** Of an undo or redo: when it began. */
  at: Date;
  userId: string | null;
  importId: string | null;
  /** The restore that the import is a part of. */
  restoreId: string | null;
  jobId: string | null;
  label: string | null;
  beforeSourceImportId: string | null;
  beforeCreatedAt: Date | null;
  /** Nothing is stored of it: a run that takes back or redoes the record's insertion leaves no row of its own. */
  implied: boolean;
  /**
   * An undo or redo that found an updated record as it had been left, and noted nothing of it: what it was before a redo
   * is what the import's own journal says, what it was before an undo is reckoned again (`findWritten`).
   */
  unnoted?: true;
}

/** Notes one change by hand: the state before it, and the version that it leads to. */
export async function insertEdit(tx: OrmTransaction, edit: EditRow): Promise<void> {
  // The statement's clock: the transaction's began before it had to wait for the record.
  const row = { ...edit, at: sql`clock_timestamp()` };
  await tx
    .insert(recordEdits)
    .values(row)
    // A rollback takes a record's version back as well; what had been edited under the same number is gone with it.
    .onConflictDoUpdate({
      target: [recordEdits.collectionId, recordEdits.recordId, recordEdits.version],
      set: row,
    });
}

/**
 * Every change that is noted of a record, in no order. What a rollback has taken back did not happen and is left out.
 * All look-ups are by primary key: one for the edits, one for each chunk of the collection's imports, undos and redos.
 * An import's change leads to the next version; the journal's own `after_version` moves on with a redo.
 */
export async function findChanges(orm: AnyOrm, key: HistoryKey): Promise<NotedChange[]> {
  const ours = sql`i.owner_id = ${key.ownerId} and i.collection_id = ${key.collectionId}`;
  // A run has its job's id, except that the runs of a restore's collections share a job.
  const runJob = sql`case when i.restore_id is null then n.id end`;
  const rows = await orm.execute<Record<keyof NotedChange, unknown>>(sql`
    select 'edit' as "source", e.version::text as "ref", e.kind as "kind",
      case when e.kind <> 'restore' then e.version - 1 end as "beforeVersion",
      case when e.kind <> 'delete' then e.version end as "afterVersion",
      e.at as "at", e.by_user_id as "userId", null::uuid as "importId", null::uuid as "restoreId",
      null::uuid as "jobId",
      coalesce(u.name, u.email) as "label", e.before_source_import_id as "beforeSourceImportId",
      e.before_created_at as "beforeCreatedAt", false as "implied"
    from record_edits e left join users u on u.id = e.by_user_id
    where e.collection_id = ${key.collectionId} and e.record_id = ${key.id}
    union all
    select 'import', i.id::text, 'import', j.before_version, case j.op when 'update' then j.before_version + 1 end,
      coalesce(c.applied_at, i.finished_at, i.created_at), null, i.id, i.restore_id, i.job_id, i.file_name,
      j.before_source_import_id, j.before_created_at, false
    from imports i
      join journal_chunks c on c.import_id = i.id
      join journal_entries j on j.import_id = i.id and j.chunk = c.chunk and j.record_id = ${key.id}
    where ${ours} and (c.undone_at is null or exists (select from import_undos n where n.import_id = i.id)
      or i.state in ('completed', 'completed_with_errors', 'undoing', 'undone'))
    union all
    select 'undo', n.id::text, n.kind, e.before_version, e.after_version, n.started_at, null, i.id, i.restore_id, ${runJob}, i.file_name,
      e.before_source_import_id, e.before_created_at, false
    from imports i
      join import_undos n on n.import_id = i.id
      join journal_chunks c on c.import_id = i.id
      join undo_entries e on e.undo_id = n.id and e.chunk = c.chunk and e.record_id = ${key.id}
        and e.op in ('update', 'delete', 'insert')
    where ${ours}
    union all
    select 'undo', n.id::text, n.kind, case n.kind when 'undo' then 1 end, case n.kind when 'redo' then 1 end,
      n.started_at, null, i.id, i.restore_id, ${runJob}, i.file_name, null, null, true
    from imports i
      join import_undos n on n.import_id = i.id
    where ${ours} and i.id_prefix = ${prefixOf(key.id)}
      and not exists (select from journal_chunks c
        join undo_entries e on e.undo_id = n.id and e.chunk = c.chunk and e.record_id = ${key.id}
        where c.import_id = i.id)`);
  return rows.map((row) => {
    const noted = row as unknown as NotedChange & { at: string; beforeCreatedAt: string | null };
    const { beforeCreatedAt } = noted;
    return {
      ...noted,
      at: new Date(noted.at),
      beforeCreatedAt: beforeCreatedAt === null ? null : new Date(beforeCreatedAt),
    };
  });
}

/** A restore's part that may have brought a record back under its id. */
export interface BringingBack {
  importId: string;
  restoreId: string;
  jobId: string;
  fileName: string;
  at: Date;
  /** What it replaced in records that were there is still kept. */
  hasJournal: boolean;
}

/** Those of these imports that are parts of restores into the record's collection, by id. */
export async function findBringingBack(
  orm: AnyOrm,
  key: HistoryKey,
  importIds: readonly string[],
): Promise<Map<string, BringingBack>> {
  if (importIds.length === 0) return new Map();
  const rows = await orm.execute<Record<keyof BringingBack, unknown>>(sql`
    select i.id as "importId", i.restore_id as "restoreId", i.job_id as "jobId", i.file_name as "fileName",
      coalesce(min(c.applied_at), i.finished_at, i.created_at) as "at",
      coalesce(i.expires_at > now(), false) as "hasJournal"
    from imports i left join journal_chunks c on c.import_id = i.id and c.inserted > 0
    where i.id = any(${sql.param([...importIds])}::uuid[]) and i.restore_id is not null
      and i.owner_id = ${key.ownerId} and i.collection_id = ${key.collectionId}
    group by i.id`);
  return new Map(
    rows.map((row) => {
      const found = row as unknown as BringingBack & { at: string };
      return [found.importId, { ...found, at: new Date(found.at) }];
    }),
  );
}

/** The data before each of these changes, by `source` and `ref` of the change (see `changeKey`). */
export async function statesBefore(
  orm: AnyOrm,
  key: HistoryKey,
  changes: readonly Pick<NotedChange, "source" | "ref">[],
): Promise<Map<string, Data>> {
  const refs = (source: NotedChange["source"]) =>
    changes.filter((change) => change.source === source).map((change) => change.ref);
  const [edits, imports, undos] = [refs("edit"), refs("import"), refs("undo")];
  const found = new Map<string, Data>();
  const keep = (source: NotedChange["source"], rows: { ref: string | number; before: unknown }[]) => {
    for (const { ref, before } of rows) {
      if (before !== null) found.set(changeKey({ source, ref: String(ref) }), before as Data);
    }
  };
  if (edits.length > 0) {
    const mine = and(
      eq(recordEdits.collectionId, key.collectionId),
      eq(recordEdits.recordId, key.id),
      inArray(recordEdits.version, edits.map(Number)),
    );
    const columns = { ref: recordEdits.version, before: recordEdits.before };
    keep("edit", await orm.select(columns).from(recordEdits).where(mine));
  }
  if (imports.length > 0) {
    const mine = and(inArray(journalEntries.importId, imports), eq(journalEntries.recordId, key.id));
    const columns = { ref: journalEntries.importId, before: journalEntries.before };
    const chunk = and(
      eq(journalChunks.importId, journalEntries.importId),
      eq(journalChunks.chunk, journalEntries.chunk),
    );
    keep(
      "import",
      await orm.select(columns).from(journalEntries).innerJoin(journalChunks, chunk).where(mine),
    );
  }
  if (undos.length > 0) {
    const mine = and(inArray(undoEntries.undoId, undos), eq(undoEntries.recordId, key.id));
    const columns = { ref: undoEntries.undoId, before: undoEntries.before };
    const run = eq(importUndos.id, undoEntries.undoId);
    const chunk = and(
      eq(journalChunks.importId, importUndos.importId),
      eq(journalChunks.chunk, undoEntries.chunk),
    );
    const rows = orm.select(columns).from(undoEntries).innerJoin(importUndos, run);
    keep("undo", await rows.innerJoin(journalChunks, chunk).where(mine));
  }
  return found;
}

export function changeKey(change: Pick<NotedChange, "source" | "ref">): string {
  return `${change.source}:${change.ref}`;
}

/** The import whose file a record came from: the one whose prefix its id begins with. */
export async function findInsertingImport(
  orm: AnyOrm,
  key: HistoryKey,
): Promise<{ id: string; jobId: string; fileName: string; at: Date | null } | undefined> {
  const [row] = await orm.execute<{ id: string; jobId: string; fileName: string; at: string | null }>(sql`
    select i.id, i.job_id as "jobId", i.file_name as "fileName", coalesce(c.applied_at, i.finished_at) as "at"
    from imports i left join journal_chunks c on c.import_id = i.id and not c.is_deletion
      and ${Number.parseInt(key.id.slice(-8), 16)}::int8 between c.first_row and c.last_row
    where i.owner_id = ${key.ownerId} and i.collection_id = ${key.collectionId} and i.id_prefix = ${prefixOf(key.id)}`);
  return row && { ...row, at: row.at === null ? null : new Date(row.at) };
}

/** True when what some import of the collection replaced is no longer kept. */
export async function hasForgottenJournal(orm: AnyOrm, key: HistoryKey): Promise<boolean> {
  const [row] = await orm.execute<{ found: boolean }>(sql`
    select exists (select from imports where owner_id = ${key.ownerId} and collection_id = ${key.collectionId}
      and finished_at is not null and expires_at <= now()) as found`);
  return row?.found ?? false;
}

/** An import's records share all of their id but the row's number in the last eight digits. */
function prefixOf(recordId: string): string {
  return recordId.slice(0, -8);
}
