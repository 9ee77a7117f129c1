import type { SqlTransaction } from "@/db/client";

/** What becomes of one record that was edited after the import. */
export interface UndoChoice {
  recordId: string;
  resolution: "keep" | "revert";
  /** Fields for which the opposite holds; with any, the record itself stays. */
  fields: string[];
}

export interface UndoChoices {
  /** For every edited record without a choice of its own. */
  changedSince: "keep" | "revert";
  records: UndoChoice[];
}

/**
 * What an undo or redo did to records. removed: are gone now (again) · restored: got back what they had · reinserted: are
 * there again · kept: left alone, since they were edited meanwhile · gone: were no longer there
 */
export interface UndoCounts {
  removed: number;
  restored: number;
  reinserted: number;
  kept: number;
  gone: number;
}

export const NOTHING_DONE: UndoCounts = { removed: 0, restored: 0, reinserted: 0, kept: 0, gone: 0 };

export function addCounts(a: UndoCounts, b: Partial<UndoCounts>): UndoCounts {
  return {
    removed: a.removed + (b.removed ?? 0),
    restored: a.restored + (b.restored ?? 0),
    reinserted: a.reinserted + (b.reinserted ?? 0),
    kept: a.kept + (b.kept ?? 0),
    gone: a.gone + (b.gone ?? 0),
  };
}

/** Writes down that an undo or redo begins; `id` is that of its job. */
export async function insertUndoRun(
  tx: SqlTransaction,
  run: { id: string; importId: string; kind: "undo" | "redo"; choices: UndoChoices | object },
): Promise<void> {
  await tx`insert into import_undos (id, import_id, kind, choices)
           values (${run.id}, ${run.importId}, ${run.kind}, ${tx.json(run.choices as never)})`;
}

export async function closeUndoRun(
  tx: SqlTransaction,
  run: { id: string; state: "completed" | "failed"; counts: UndoCounts },
): Promise<void> {
  await tx`update import_undos set state = ${run.state}, counts = ${tx.json({ ...run.counts })}, finished_at = now()
           where id = ${run.id}`;
}

/** Adds what one chunk came to to the tally that `imports.undo` holds, in the chunk's transaction. */
export async function tallyUndo(tx: SqlTransaction, importId: string, counts: UndoCounts): Promise<void> {
  await tx`
    update imports set undo = undo || jsonb_build_object(
      'removed', (undo ->> 'removed')::int8 + ${counts.removed}::int8,
      'restored', (undo ->> 'restored')::int8 + ${counts.restored}::int8,
      'reinserted', (undo ->> 'reinserted')::int8 + ${counts.reinserted}::int8,
      'kept', (undo ->> 'kept')::int8 + ${counts.kept}::int8,
      'gone', (undo ->> 'gone')::int8 + ${counts.gone}::int8)
    where id = ${importId}`;
}

/** Notes that a run has worked on a chunk, in the chunk's transaction: of most records it leaves nothing else behind. */
export async function noteChunk(tx: SqlTransaction, runId: string, chunk: number): Promise<void> {
  await tx`insert into undo_chunks (undo_id, chunk) values (${runId}, ${chunk})`;
}

/**
 * SQL text that is true for a record (or none) that this transaction has not changed yet. A record that somebody edits
 * while the chunk's first statement waits for it is among them, so that it is seen as the edited one that it is.
 */
export function isUntouched(r: string): string {
  return `${r}.changed_xid is distinct from pg_current_xact_id()`;
}

/** SQL text: record r is what it was before the import, by its journal's entry e, whatever has happened in between. */
export const IS_AS_BEFORE =
  "(r.data = e.before and r.source_import_id is not distinct from e.before_source_import_id)";

/**
 * SQL text of CTE `noted` (op): notes each record of CTE `seen` (record_id, op, and the record's columns, null where it is
 * gone) with what the run does to it, and what it is now where that is going to change.
 * @param parameters of the run's id and of the chunk
 */
export function notedQuery(parameters: { run: number; chunk: number }): string {
  return `noted as (
       insert into undo_entries (undo_id, chunk, record_id, op, before, before_version, before_source_import_id,
         before_created_at, before_updated_at, after_version)
       select $${parameters.run}::uuid, $${parameters.chunk}::int, record_id, op,
         case when op in ('update', 'delete') then data end, version, source_import_id, created_at, updated_at,
         case when op = 'update' then version + 1 end
       from seen returning op
     )`;
}

/**
 * SQL text of CTE `choice` (record_id, resolution, fields): what was chosen for single records. It reads the choices from
 * the run itself, so that 100,000 of them travel once, and not with every chunk.
 */
export function choiceQuery(undoParameter: number): string {
  return `choice as (
    select c."recordId" as record_id, c.resolution, coalesce(c.fields, '{}') as fields
    from import_undos u, jsonb_to_recordset(u.choices -> 'records') as c("recordId" uuid, resolution text, fields text[])
    where u.id = $${undoParameter}::uuid
  )`;
}

/**
 * SQL text of an edited record's data once it is taken back as chosen: c is the choice (or none), `resolution` the one
 * that holds, `before` what it was before the import, `current` what it is now.
 */
export function takenBackExpression(resolution: string, before: string, current: string): string {
  const pick = (data: string) =>
    `coalesce((select jsonb_object_agg(f, ${data} -> f) from unnest(c.fields) f where ${data} ? f), '{}')`;
  return `case when cardinality(coalesce(c.fields, '{}')) = 0 then ${before}
    when ${resolution} = 'revert' then (${before} - c.fields) || ${pick(current)}
    else (${current} - c.fields) || ${pick(before)} end`;
}

/**
 * Writes down what other imports gave the records of one chunk that this run is about to change: as long as an import
 * has written a record last, nothing but the record itself says what it gave.
 */
export async function keepOtherGivens(
  tx: SqlTransaction,
  where: { undoId: string; chunk: number; collectionId: string; importId: string },
): Promise<void> {
  await tx`
    insert into record_givens (collection_id, record_id, import_id, given, given_at)
    select ${where.collectionId}, u.record_id, u.before_source_import_id, u.before, u.before_updated_at
    from undo_entries u
    where u.undo_id = ${where.undoId} and u.chunk = ${where.chunk} and u.op in ('update', 'delete')
      and u.before_source_import_id <> ${where.importId}
    on conflict do nothing`;
}
