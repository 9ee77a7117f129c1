import type { AnySql } from "@/db/client";

const BATCH = 200;

/** Finished imports whose undo time is over and that still have something to clear. */
export async function expiredImports(sql: AnySql, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from imports where expires_at <= ${now} and staged is not null and finished_at is not null
      and state not in ('undoing', 'redoing')
    order by expires_at limit ${BATCH}`;
  return rows.map((r) => r.id);
}

/** Drops the journal of one import; from then on undo says that its time is over. */
export async function forgetJournal(sql: AnySql, importId: string): Promise<void> {
  await sql`delete from undo_entries u using import_undos d where d.import_id = ${importId} and u.undo_id = d.id`;
  await sql`delete from undo_chunks c using import_undos d where d.import_id = ${importId} and c.undo_id = d.id`;
  await sql`delete from journal_entries where import_id = ${importId}`;
  await sql`delete from journal_chunks where import_id = ${importId}`;
  await sql`delete from import_resolutions where import_id = ${importId}`;
  await sql`update imports set staged = null where id = ${importId}`;
}

/** Drafts that nobody went on with. */
export async function staleDrafts(sql: AnySql, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from imports where state = 'draft' and created_at < ${new Date(now.getTime() - 7 * 24 * 3600 * 1000)}
    limit ${BATCH}`;
  return rows.map((r) => r.id);
}
