import type { AnySql, Sql, SqlTransaction } from "@/db/client";
import { lockOwnerEvents } from "@/db/queries/jobs";
import type { NoticeKind, NoticeMailState } from "@/db/schema";
import { newId } from "@/lib/platform/ids";

/** What a user is told without having asked, as clients see it. */
export interface NoticeView {
  id: string;
  kind: NoticeKind;
  /** The backup, export or restore it is about, if it is about one. */
  subjectId: string | null;
  title: string;
  message: string;
  mail: NoticeMailState;
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

/** A notice with the ways in which it reaches its user. */
export type AddressedNotice = NewNotice & { inApp: boolean; byMail: boolean };

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
    'mail', mail_state, 'createdAt', ${iso(sql, "created_at")}, 'readAt', ${iso(sql, "read_at")}, 'resolvedAt', ${iso(sql, "resolved_at")})`;
}

function iso(sql: AnySql, column: string) {
  return sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Tells a user of trouble, or of its end, and ends the notice that it is the good news after. Trouble that was told and is
 * not over is not told again. The row is there also when the user wants to be told in no way: it says what is known. Answers
 * its id, undefined when there was nothing to do.
 */
export async function tell(
  sql: Sql,
  notice: AddressedNotice,
  { ends, now }: { ends?: string; now: Date },
): Promise<string | undefined> {
  return sql.begin(async (tx) => {
    await lockOwnerEvents(tx, notice.ownerId);
    if (ends !== undefined && !(await resolveNotice(tx, ends, now))) return undefined;
    return insertNotice(tx, notice, { now, resolvedAt: ends === undefined ? null : now });
  });
}

/**
 * Tells a user of something that has happened and needs no end, in the transaction in which it does: told if and only if
 * that is committed. Last in it, since whoever tells this user anything waits. Answers the notice's id, undefined when the
 * user wants to be told in no way.
 */
export async function tellNews(
  tx: SqlTransaction,
  notice: AddressedNotice,
  now: Date,
): Promise<string | undefined> {
  if (!notice.inApp && !notice.byMail) return undefined;
  await lockOwnerEvents(tx, notice.ownerId);
  return insertNotice(tx, notice, { now, resolvedAt: now });
}

async function insertNotice(
  tx: SqlTransaction,
  notice: AddressedNotice,
  { now, resolvedAt }: { now: Date; resolvedAt: Date | null },
): Promise<string | undefined> {
  const id = newId();
  const told = await tx`
    insert into notices (id, owner_id, kind, fact, subject_id, title, message, created_at, resolved_at, in_app,
                         mail_state, mail_due_at)
    values (${id}, ${notice.ownerId}, ${notice.kind}, ${notice.fact}, ${notice.subjectId}, ${notice.title},
            ${notice.message}, ${now}, ${resolvedAt}, ${notice.inApp},
            ${notice.byMail ? "due" : "none"}, ${notice.byMail ? now : null})
    on conflict (owner_id, fact) where resolved_at is null do nothing`;
  if (told.count === 0) return undefined;
  // Streams of jobs and of users listen at one place: the id is no job's, which wakes nobody else.
  if (notice.inApp) await tx`select pg_notify('ferry_jobs', ${`${id} ${notice.ownerId} 0`})`;
  return id;
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
    where owner_id = ${ownerId} and in_app ${older} ${unread} order by position desc limit ${page.limit + 1}`;
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

export async function countUnreadNotices(sql: AnySql, ownerId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from notices where owner_id = ${ownerId} and read_at is null and in_app`;
  return row?.count ?? 0;
}

/** Marks all of a user's notices as read, or those up to one of them (none, if it is not theirs); answers how many. */
export async function markNoticesRead(
  sql: AnySql,
  ownerId: string,
  { upTo, now }: { upTo?: string; now: Date },
): Promise<number> {
  const known =
    upTo === undefined
      ? sql``
      : sql`and position <= (select position from notices where id = ${upTo} and owner_id = ${ownerId})`;
  const changed = await sql`
    update notices set read_at = ${now} where owner_id = ${ownerId} and read_at is null and in_app ${known}`;
  return changed.count;
}

/** Forgets what was over before that moment; of what a restore brought back, what it had brought by then. */
export async function deleteOldNotices(sql: AnySql, before: Date): Promise<void> {
  await sql`delete from notices where greatest(resolved_at, restored_at) < ${before} and resolved_at is not null`;
}
