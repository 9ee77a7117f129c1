import type { AnySql, SqlTransaction } from "@/db/client";

export interface PartRun {
  importId: string;
  runId: string;
  /** The state that `imports.undo` begins with, and the choices of the run. */
  undo: object;
  choices: object;
}

/** Begins the undo or redo of these imports of a restore, each with a run of its own. */
export async function beginPartRuns(
  tx: SqlTransaction,
  kind: "undo" | "redo",
  runs: readonly PartRun[],
): Promise<void> {
  const given = tx`jsonb_to_recordset(${tx.json(runs as never)})
    as g("importId" uuid, "runId" uuid, undo jsonb, choices jsonb)`;
  await tx`update imports i set state = ${kind === "undo" ? "undoing" : "redoing"}, undo = g.undo from ${given}
           where i.id = g."importId"`;
  await tx`insert into import_undos (id, import_id, kind, choices)
           select g."runId", g."importId", ${kind}, g.choices from ${given}`;
}

/** Imports of a restore that have chunks which stand, and which are taken back. */
export async function chunkStates(
  sql: AnySql,
  restoreId: string,
): Promise<Map<string, { standing: number; undone: number; records: number }>> {
  const rows = await sql<{ id: string; standing: number; undone: number; records: number }[]>`
    select i.id, count(*) filter (where c.undone_at is null)::int8 as standing,
      count(*) filter (where c.undone_at is not null)::int8 as undone,
      sum(c.inserted + c.updated + c.deleted)::int8 as records
    from imports i join journal_chunks c on c.import_id = i.id
    where i.restore_id = ${restoreId} and c.inserted + c.updated + c.deleted > 0 group by i.id`;
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

/** In which of these collections there are records of these ids. */
export async function findRecordCollections(
  sql: AnySql,
  collectionIds: readonly string[],
  recordIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (recordIds.length === 0) return new Map();
  const rows = await sql<{ id: string; collections: string[] }[]>`
    select id, array_agg(collection_id) as collections from records
    where collection_id = any(${[...collectionIds]}::uuid[]) and id = any(${[...recordIds]}::uuid[]) group by id`;
  return new Map(rows.map(({ id, collections }) => [id, collections]));
}
