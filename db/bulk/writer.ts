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
  // Two statements: one that waits for the lock sees the collection as it is then, but would join the imports as they
  // were before the wait, and take a writer that has just claimed for none.
  const [row] = await sql<{ revision: number; writerId: string | null }[]>`
    select revision, writer_id as "writerId" from collections where id = ${collectionId} for update`;
  if (!row) return "gone";
  if (row.writerId !== null && row.writerId !== importId) {
    const [writer] = await sql<{ writing: boolean }[]>`
      select state in ('applying', 'undoing', 'redoing') as writing from imports where id = ${row.writerId}`;
    if (writer?.writing) return "busy";
  }
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
