import type { AnySql, Sql } from "@/db/client";
import { lockOwnerEvents } from "@/db/queries/jobs";
import type { NoticeKind } from "@/db/schema";
import { newId } from "@/lib/platform/ids";

/** What a user is told without having asked, as clients see it. */
export interface NoticeView {
  id: string;
  kind: NoticeKind;
  /** The backup it is about, if it is about one. */
  subjectId: string | null;
  title: string;
  message: string;
  createdAt: string;
  readAt: string | null;
  /** When the trouble it tells of was over; null while it lasts. */
  resolvedAt: string | null;
}

export interface NewNotice {
  ownerId: string;
  kind: NoticeKind;
  fact: string;
  subjectId: string | null;
  title: string;
  message: string;
}

/** A notice of trouble that is not over. */
export interface OpenNotice {
  id: string;
  ownerId: string;
  kind: NoticeKind;
  fact: string;
  subjectId: string | null;
  createdAt: Date;
}

export function noticeJson(sql: AnySql) {
  return sql`jsonb_build_object('id', id, 'kind', kind, 'subjectId', subject_id, 'title', title, 'message', message,
    'createdAt', ${iso(sql, "created_at")}, 'readAt', ${iso(sql, "read_at")}, 'resolvedAt', ${iso(sql, "resolved_at")})`;
}

function iso(sql: AnySql, column: string) {
  return sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Tells a user something, and ends the notice that it is the good news after, if it is that. Trouble that was told and
 * is not over is not told again. False when there was nothing to do.
 */
export async function tell(
  sql: Sql,
  notice: NewNotice,
  { ends, now }: { ends?: string; now: Date },
): Promise<boolean> {
  return sql.begin(async (tx) => {
    await lockOwnerEvents(tx, notice.ownerId);
    if (ends !== undefined && !(await resolveNotice(tx, ends, now))) return false;
    const id = newId();
    const told = await tx`
      insert into notices (id, owner_id, kind, fact, subject_id, title, message, created_at, resolved_at)
      values (${id}, ${notice.ownerId}, ${notice.kind}, ${notice.fact}, ${notice.subjectId}, ${notice.title},
              ${notice.message}, ${now}, ${ends === undefined ? null : now})
      on conflict (owner_id, fact) where resolved_at is null do nothing`;
    // Streams of jobs and of users listen at one place: the id is no job's, which wakes nobody else.
    if (told.count > 0) await tx`select pg_notify('ferry_jobs', ${`${id} ${notice.ownerId} 0`})`;
    return told.count > 0;
  });
}

/** Notes that what a notice tells of is over; false when that was noted before. */
export async function resolveNotice(sql: AnySql, id: string, now: Date): Promise<boolean> {
  const changed = await sql`update notices set resolved_at = ${now} where id = ${id} and resolved_at is null`;
  return changed.count > 0;
}

/** Trouble of anybody that was told and is not over. */
export async function findOpenNotices(sql: AnySql): Promise<OpenNotice[]> {
  return sql<OpenNotice[]>`
    select id, owner_id as "ownerId", kind, fact, subject_id as "subjectId", created_at as "createdAt"
    from notices where resolved_at is null`;
}

/** A user's notices, newest first; one more than `limit`, to tell whether there are others. */
export async function listNotices(
  sql: AnySql,
  ownerId: string,
  page: { limit: number; before?: number; unread: boolean },
): Promise<{ position: number; notice: NoticeView }[]> {
  const older = page.before === undefined ? sql`` : sql`and position < ${page.before}`;
  const unread = page.unread ? sql`and read_at is null` : sql``;
  return sql<{ position: number; notice: NoticeView }[]>`
    select position, ${noticeJson(sql)} as notice from notices
    where owner_id = ${ownerId} ${older} ${unread} order by position desc limit ${page.limit + 1}`;
}

/** Marks a notice as read; undefined when the user has no such notice. */
export async function markNoticeRead(
  sql: AnySql,
  id: string,
  ownerId: string,
  now: Date,
): Promise<NoticeView | undefined> {
  const [row] = await sql<{ notice: NoticeView }[]>`
    update notices set read_at = coalesce(read_at, ${now}) where id = ${id} and owner_id = ${ownerId}
    returning ${noticeJson(sql)} as notice`;
  return row?.notice;
}

/** Forgets what was over before that moment. */
export async function deleteOldNotices(sql: AnySql, before: Date): Promise<void> {
  await sql`delete from notices where resolved_at < ${before}`;
}
