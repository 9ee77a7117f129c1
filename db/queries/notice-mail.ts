import type { AnySql, Sql } from "@/db/client";
import { lockOwnerEvents } from "@/db/queries/jobs";
import type { NoticeKind } from "@/db/schema";

/** A notice that is to be mailed now, by whoever has it, and by nobody else. */
export interface ClaimedNotice {
  id: string;
  ownerId: string;
  kind: NoticeKind;
  subjectId: string | null;
  title: string;
  message: string;
  /** Where it goes, and whose account that is. */
  email: string;
  isDemo: boolean;
  /** This one included. */
  attempts: number;
}

/** The address of an account, and what has to be known of it before it is mailed. */
export async function findMailAccount(
  sql: AnySql,
  ownerId: string,
): Promise<{ email: string; isDemo: boolean } | undefined> {
  const [row] = await sql<{ email: string; isDemo: boolean }[]>`
    select email, is_demo as "isDemo" from users where id = ${ownerId}`;
  return row;
}

/** Takes a notice that is due until `until`, when it is free again in case its taker died; undefined when it is not due. */
export async function claimNoticeMail(
  sql: AnySql,
  id: string,
  { now, until }: { now: Date; until: Date },
): Promise<ClaimedNotice | undefined> {
  const [row] = await sql<ClaimedNotice[]>`
    update notices n set mail_attempts = mail_attempts + 1, mail_due_at = ${until}
    from users u
    where n.id = ${id} and n.mail_state = 'due' and n.mail_due_at <= ${now} and u.id = n.owner_id
    returning n.id, n.owner_id as "ownerId", n.kind, n.subject_id as "subjectId", n.title, n.message,
      u.email, u.is_demo as "isDemo", n.mail_attempts as attempts`;
  return row;
}

/** Also after another one has taken it: it is mailed. */
export async function noteMailed(sql: AnySql, id: string, now: Date): Promise<void> {
  await sql`
    update notices set mail_state = 'sent', mailed_at = ${now}, mail_due_at = null
    where id = ${id} and mail_state = 'due'`;
}

/** To be tried again at `dueAt`, unless another one has taken it meanwhile. */
export async function postponeNoticeMail(
  sql: AnySql,
  { id, attempts }: Pick<ClaimedNotice, "id" | "attempts">,
  dueAt: Date,
): Promise<void> {
  await sql`
    update notices set mail_due_at = ${dueAt}
    where id = ${id} and mail_state = 'due' and mail_attempts = ${attempts}`;
}

/** Not to be mailed any more: its user has chosen so since it was written, or is not to be mailed at all. */
export async function cancelNoticeMail(sql: AnySql, id: string): Promise<void> {
  await sql`
    update notices set mail_state = 'none', mail_due_at = null where id = ${id} and mail_state = 'due'`;
}

/** Not tried any more: the user is shown it in the app, whatever they chose, since it would reach them nowhere else. */
export async function giveUpNoticeMail(
  sql: Sql,
  { id, ownerId }: Pick<ClaimedNotice, "id" | "ownerId">,
): Promise<void> {
  await sql.begin(async (tx) => {
    await lockOwnerEvents(tx, ownerId);
    const changed = await tx`
      update notices set mail_state = 'failed', mail_due_at = null, in_app = true,
        position = case when in_app then position else nextval('job_events_position_seq') end
      where id = ${id} and mail_state = 'due'`;
    if (changed.count > 0) await tx`select pg_notify('ferry_jobs', ${`${id} ${ownerId} 0`})`;
  });
}

/** Notices that are to be mailed by now, longest due first. */
export async function findDueNoticeMail(sql: AnySql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from notices where mail_state = 'due' and mail_due_at <= ${now} order by mail_due_at limit ${limit}`;
  return rows.map((row) => row.id);
}
