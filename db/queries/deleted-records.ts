import { sql } from "drizzle-orm";
import type { Orm } from "@/db/client";

export interface DeletedRow {
  id: string;
  version: number;
  data: Record<string, string | number | boolean>;
  deletedAt: Date;
  userId: string;
  /** Null when the account is gone. */
  author: string | null;
}

/**
 * Records of a collection that somebody deleted and nobody has put back, the last deleted first; `after` names the last
 * one of the page before. Those that an import removed are not among them: its journal has them, and its undo.
 */
export async function listDeletedRecords(
  orm: Orm,
  collectionId: string,
  page: { limit: number; after?: { at: string; id: string } },
): Promise<DeletedRow[]> {
  // Milliseconds, as the cursor has them: a finer time would list a record twice, or not at all.
  const at = sql`date_trunc('milliseconds', e.at)`;
  const after = page.after
    ? sql`and (${at}, e.record_id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`
    : sql``;
  const rows = await orm.execute<Record<keyof DeletedRow, unknown>>(sql`
    select e.record_id as "id", e.version, e.before as "data", ${at} as "deletedAt", e.by_user_id as "userId",
      coalesce(u.name, u.email) as "author"
    from record_edits e left join users u on u.id = e.by_user_id
    where e.collection_id = ${collectionId} and e.kind = 'delete'
      and not exists (select from records r where r.collection_id = e.collection_id and r.id = e.record_id)
      and not exists (select from record_edits l where l.collection_id = e.collection_id
                        and l.record_id = e.record_id and l.version > e.version) ${after}
    order by ${at} desc, e.record_id desc limit ${page.limit}`);
  return rows.map((row) => {
    const stored = row as unknown as DeletedRow & { deletedAt: string };
    return { ...stored, deletedAt: new Date(stored.deletedAt) };
  });
}
