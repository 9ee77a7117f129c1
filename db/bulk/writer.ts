import type { AnySql } from "@/db/client";

export type ClaimOutcome = "claimed" | "busy" | "stale" | "gone";

/**
 * Makes an import (or its undo or redo) the one writer of a collection. `stale`: records changed since `revision`, so a plan
 * made from it no longer tells what would happen. A writer that has ended without letting go (it cannot, short of a
 * bug) does not block the collection for good: its import's state tells.
 */
export async function claimWriter(
  sql: AnySql,
  collectionId: string,
  importId: string,
  revision: number | null,
): Promise<ClaimOutcome> {
  const [row] = await sql<{ revision: number; writerId: string | null; writing: boolean | null }[]>`
    select c.revision, c.writer_id as "writerId", i.state in ('applying', 'undoing', 'redoing') as writing
    from collections c left join imports i on i.id = c.writer_id
    where c.id = ${collectionId} for update of c`;
  if (!row) return "gone";
  if (row.writerId !== null && row.writerId !== importId && row.writing) return "busy";
  if (row.writerId !== importId && revision !== null && row.revision !== revision) return "stale";
  await sql`update collections set writer_id = ${importId} where id = ${collectionId}`;
  return "claimed";
}

export async function releaseWriter(sql: AnySql, collectionId: string, importId: string): Promise<void> {
  await sql`update collections set writer_id = null where id = ${collectionId} and writer_id = ${importId}`;
}

/** Who writes to a collection at the moment; undefined when nobody does. */
export async function findWriter(
  sql: AnySql,
  collectionId: string,
): Promise<{ importId: string; fileName: string; paused: boolean } | undefined> {
  const [row] = await sql<{ importId: string; fileName: string; paused: boolean }[]>`
    select i.id as "importId", i.file_name as "fileName", exists (
      select from jobs j where j.subject_id = i.id and j.state = 'paused') as paused
    from collections c join imports i on i.id = c.writer_id
    where c.id = ${collectionId} and i.state in ('applying', 'undoing', 'redoing')`;
  return row;
}
