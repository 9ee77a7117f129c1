import type { AnySql } from "@/db/client";

/** How a user wants to be told of one topic. */
export interface PreferenceRow {
  topic: string;
  inApp: boolean;
  byMail: boolean;
}

/** What the user has chosen; topics that are not there are as Ferry does by itself. */
export async function findPreferences(sql: AnySql, ownerId: string): Promise<PreferenceRow[]> {
  return sql<PreferenceRow[]>`
    select topic, in_app as "inApp", by_mail as "byMail" from notification_preferences where owner_id = ${ownerId}`;
}

export async function savePreferences(
  sql: AnySql,
  ownerId: string,
  rows: readonly PreferenceRow[],
): Promise<void> {
  await sql`
    insert into notification_preferences (owner_id, topic, in_app, by_mail)
    select ${ownerId}, topic, "inApp", "byMail"
    from jsonb_to_recordset(${sql.json(rows as never)}) as t(topic text, "inApp" boolean, "byMail" boolean)
    on conflict (owner_id, topic) do update set in_app = excluded.in_app, by_mail = excluded.by_mail`;
}
