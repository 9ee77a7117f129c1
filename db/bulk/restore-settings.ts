import { settingsSelect } from "@/db/bulk/account-categories";
import { uuidLiteral } from "@/db/bulk/export-literal";
import type { AnySql, SqlTransaction } from "@/db/client";
import type { RestoredEntryState, StoredDifference } from "@/db/schema";

/** A preference as a backup has it, for this account: a matching rule is that of the collection its records go to. */
export interface StagedSetting {
  setting: StoredDifference["setting"];
  about: string;
  value: unknown;
}

/** Keeps preferences of the backup for the restore; of the same one the last. */
export async function stageSettings(
  sql: AnySql,
  restoreId: string,
  settings: readonly StagedSetting[],
): Promise<void> {
  await sql`
    insert into restore_settings (restore_id, setting, about, after)
    select distinct on (setting, about) ${restoreId}::uuid, setting, about, value
    from jsonb_to_recordset(${sql.json(settings as never)}) as s(setting text, about text, value jsonb)
    on conflict (restore_id, setting, about) do update set after = excluded.after`;
}

/**
 * Adds what is set today and was not set in the backup, so that it is unset again. Of matching rules those of these
 * collections: the backup knows nothing of others.
 */
export async function stageUnset(
  sql: AnySql,
  restoreId: string,
  ownerId: string,
  collectionIds: readonly string[],
): Promise<void> {
  await sql`
    insert into restore_settings (restore_id, setting, about, after)
    select ${restoreId}::uuid, setting, about, null from ${today(sql, ownerId)}
    where setting <> 'matchingRule' or about = any(${[...collectionIds]}::text[])
    on conflict (restore_id, setting, about) do nothing`;
}

/** How many preferences are another one today, with some of them, and how many are set today. */
export async function compareSettings(
  sql: AnySql,
  restoreId: string,
  ownerId: string,
  limit: number,
): Promise<{ today: number; differing: number; replacing: number; differences: StoredDifference[] }> {
  const [set] = await sql<[{ count: number }]>`select count(*)::int8 as count from ${today(sql, ownerId)}`;
  const compared = sql`
    from restore_settings s left join ${today(sql, ownerId)} on t.setting = s.setting and t.about = s.about
    where s.restore_id = ${restoreId} and s.after is distinct from t.value`;
  const [counts] = await sql<[{ differing: number; replacing: number }]>`
    select count(*)::int8 as differing, (count(*) filter (where t.value is not null))::int8 as replacing ${compared}`;
  const differences = await sql<StoredDifference[]>`
    select s.setting, s.about, s.after as backup, t.value as today,
      (select c.name from collections c where s.setting = 'matchingRule' and c.id::text = s.about) as name
    ${compared} order by s.setting desc, s.about limit ${limit}`;
  return { today: set.count, ...counts, differences: [...differences] };
}

/** What is done with the preferences of a restore, and what each must be today for that. */
const MOVES = {
  apply: { from: "staged", to: "standing", value: "after", expected: null },
  undo: { from: "standing", to: "undone", value: "before", expected: "after" },
  redo: { from: "undone", to: "standing", value: "after", expected: "before" },
} as const satisfies Record<
  string,
  { from: RestoredEntryState; to: RestoredEntryState; value: string; expected: string | null }
>;
export type SettingsMove = keyof typeof MOVES;

/**
 * Sets the preferences of a restore that are another one today, or sets them back, and notes it. `keep`: those that were
 * changed since are left alone. Answers how many.
 */
export async function moveSettings(
  tx: SqlTransaction,
  restore: { id: string; ownerId: string },
  move: SettingsMove,
  changedSince: "keep" | "revert" = "keep",
): Promise<number> {
  const { ownerId } = restore;
  // In the order of their ids, as whoever claims collections locks them.
  await tx`
    select from collections where owner_id = ${ownerId} and id::text in (
      select about from restore_settings where restore_id = ${restore.id} and setting = 'matchingRule')
    order by id for update`;
  const { to, value } = MOVES[move];
  const [row] = await tx<[{ count: number }]>`
    with moved as (
      update restore_settings m set state = ${to}, before = ${move === "apply" ? tx`l.today` : tx`m.before`}
      from (${movable(tx, restore, move, changedSince)}) l
      where m.restore_id = ${restore.id} and m.setting = l.setting and m.about = l.about and l.moves
      returning m.setting, m.about, m.${tx(value)} as value
    ), named as (
      update users u set name = m.value #>> '{}' from moved m where m.setting = 'name' and u.id = ${ownerId}
    ), dropped as (
      delete from notification_preferences p using moved m
      where m.setting = 'delivery' and m.value is null and p.owner_id = ${ownerId} and p.topic = m.about
    ), told as (
      insert into notification_preferences (owner_id, topic, in_app, by_mail)
      select ${ownerId}::uuid, m.about, (m.value ->> 'inApp')::boolean, (m.value ->> 'byMail')::boolean
      from moved m where m.setting = 'delivery' and m.value is not null
      on conflict (owner_id, topic) do update set in_app = excluded.in_app, by_mail = excluded.by_mail
    ), ruled as (
      -- As whoever saves a rule: plans made by the old one are stale.
      update collections c set matching = m.value, revision = c.revision + 1, updated_at = now() from moved m
      where m.setting = 'matchingRule' and c.owner_id = ${ownerId} and c.id::text = m.about
    )
    select count(*)::int8 as count from moved`;
  return row.count;
}

/** How many preferences a move would change, and how many it leaves alone since they were changed meanwhile. */
export async function previewSettings(
  sql: AnySql,
  restore: { id: string; ownerId: string },
  move: SettingsMove,
): Promise<{ moving: number; kept: number }> {
  const [row] = await sql<[{ moving: number; kept: number }]>`
    select (count(*) filter (where moves))::int8 as moving, (count(*) filter (where not moves))::int8 as kept
    from (${movable(sql, restore, move, "keep")}) l`;
  return row;
}

function movable(
  sql: AnySql,
  { id, ownerId }: { id: string; ownerId: string },
  move: SettingsMove,
  changedSince: "keep" | "revert",
) {
  const { from, value, expected } = MOVES[move];
  const isThere =
    expected === null || changedSince === "revert"
      ? sql`s.${sql(value)} is distinct from t.value`
      : sql`s.${sql(expected)} is not distinct from t.value`;
  return sql`
    select s.setting, s.about, t.value as today, ${isThere} as moves
    from restore_settings s left join ${today(sql, ownerId)} on t.setting = s.setting and t.about = s.about
    where s.restore_id = ${id} and s.state = ${from}
      and (s.setting <> 'matchingRule'
        or exists (select from collections c where c.owner_id = ${ownerId} and c.id::text = s.about))`;
}

function today(sql: AnySql, ownerId: string) {
  return sql`(${sql.unsafe(settingsSelect(uuidLiteral(ownerId)))}) t`;
}
