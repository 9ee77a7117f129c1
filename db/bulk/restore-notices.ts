import type { AnySql, SqlTransaction } from "@/db/client";
import type { NoticeKind, NoticeMailState } from "@/db/schema";

/** A notification as a backup has it, for this account. */
export interface StagedNotice {
  id: string;
  kind: NoticeKind;
  subjectId: string | null;
  title: string;
  message: string;
  mailState: NoticeMailState;
  createdAt: string;
  readAt: string | null;
  resolvedAt: string | null;
}

/** Keeps those notifications of the backup for the restore that are not there. */
export async function stageNotices(
  sql: AnySql,
  restoreId: string,
  notices: readonly StagedNotice[],
): Promise<void> {
  await sql`
    insert into restore_notices (restore_id, id, kind, subject_id, title, message, mail_state, created_at, read_at,
      resolved_at)
    select ${restoreId}::uuid, id, kind, "subjectId", title, message, "mailState", "createdAt", "readAt", "resolvedAt"
    from jsonb_to_recordset(${sql.json(notices as never)}) as s(id uuid, kind text, "subjectId" uuid, title text,
      message text, "mailState" text, "createdAt" timestamptz, "readAt" timestamptz, "resolvedAt" timestamptz)
    where not exists (select from notices n where n.id = s.id)
    on conflict (restore_id, id) do nothing`;
}

/** Notifications that a restore could bring back, and how many there are today. */
export async function countNotices(
  sql: AnySql,
  restoreId: string,
  ownerId: string,
): Promise<{ missing: number; today: number }> {
  const [row] = await sql<[{ missing: number; today: number }]>`
    select (select count(*) from restore_notices where restore_id = ${restoreId})::int8 as missing,
      (select count(*) from notices where owner_id = ${ownerId} and in_app)::int8 as today`;
  return row;
}

/**
 * Puts the notifications of a restore back, as history: read, over, and after all that is there, so that nobody is told
 * anew. Answers how many.
 */
export async function putNotices(
  tx: SqlTransaction,
  restore: { id: string; ownerId: string },
  now: Date,
): Promise<number> {
  const put = await tx`
    with put as (
      insert into notices (id, owner_id, kind, fact, subject_id, title, message, mail_state, created_at, read_at,
        resolved_at, restored_at, position)
      select r.id, ${restore.ownerId}, r.kind, 'restored/' || r.id, r.subject_id, r.title, r.message, r.mail_state,
        r.created_at, coalesce(r.read_at, ${now}), coalesce(r.resolved_at, ${now}), ${now},
        -- Below whatever a stream has told or is going to tell.
        (select least(coalesce(min(position), 0), 0) from notices where owner_id = ${restore.ownerId})
          - row_number() over (order by r.created_at desc, r.id desc)
      from restore_notices r where r.restore_id = ${restore.id} and r.state <> 'standing'
      on conflict (id) do nothing
      returning id
    )
    update restore_notices r set state = 'standing' from put where r.restore_id = ${restore.id} and r.id = put.id`;
  return put.count;
}

/** Takes them away again; answers how many were still there. */
export async function takeNotices(
  tx: SqlTransaction,
  restore: { id: string; ownerId: string },
): Promise<number> {
  const taken = await tx`
    delete from notices n using restore_notices r
    where r.restore_id = ${restore.id} and r.state = 'standing' and n.id = r.id and n.owner_id = ${restore.ownerId}`;
  await tx`update restore_notices set state = 'undone' where restore_id = ${restore.id} and state = 'standing'`;
  return taken.count;
}

/** Those of a restore that are there, or that its undo has taken away. */
export async function countRestoredNotices(
  sql: AnySql,
  restoreId: string,
  state: "standing" | "undone",
): Promise<number> {
  const [row] = await sql<[{ count: number }]>`
    select count(*)::int8 as count from restore_notices where restore_id = ${restoreId} and state = ${state}`;
  return row.count;
}
