import type { AnySql } from "@/db/client";

/** Forgets what was read of a backup's categories; `staged`: only what the restore had no use for. */
export async function forgetCategories(
  sql: AnySql,
  restoreId: string,
  which: "all" | "staged" = "all",
): Promise<void> {
  const rows = which === "all" ? sql`` : sql`and state = 'staged'`;
  await sql`delete from restore_settings where restore_id = ${restoreId} ${rows}`;
  await sql`delete from restore_notices where restore_id = ${restoreId} ${rows}`;
}

/** Forgets those of restores whose time for an undo is over; answers how many restores. */
export async function forgetExpiredCategories(sql: AnySql, now: Date): Promise<number> {
  const over = sql`
    select id from restores where expires_at <= ${now} and finished_at is not null
      and state not in ('undoing', 'redoing')`;
  const settings = await sql<{ id: string }[]>`
    delete from restore_settings where restore_id in (${over}) returning restore_id as id`;
  const notices = await sql<{ id: string }[]>`
    delete from restore_notices where restore_id in (${over}) returning restore_id as id`;
  return new Set([...settings, ...notices].map(({ id }) => id)).size;
}
