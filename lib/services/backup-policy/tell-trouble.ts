import {
  findBackupStates,
  findFailedRuns,
  findMisdatedBackups,
  findOverdueRuns,
  findUnsoundBackups,
  firstSuccessAfter,
} from "@/db/queries/backup-trouble";
import { findOpenNotices, resolveNotice, tell, type NewNotice, type OpenNotice } from "@/db/queries/notices";
import { GRACE_MS } from "@/lib/services/backup-policy/get-policy";
import { CLOCK_TOLERANCE_MS } from "@/lib/services/backup-policy/plan";
import {
  CLOCK_TROUBLE,
  SCHEDULE_TROUBLE,
  clockNotice,
  failedNotice,
  overdueNotice,
  soundAgainNotice,
  unsoundNotice,
  wellAgainNotice,
} from "@/lib/services/backup-policy/trouble-texts";
import type { SystemContext } from "@/lib/services/context";
import { addressNotice, requestMail } from "@/lib/services/notifications/tell";

/**
 * Tells users of scheduled backups that failed or never came, of backups found unsound, and of a clock that is wrong;
 * each once while it lasts, and says when it is over. Everything is read from how things stand, so that it may run twice
 * and nothing is missed by a process that was killed. Answers how many notices.
 */
export async function tellTrouble(ctx: SystemContext): Promise<number> {
  const { sql } = ctx.db;
  const now = ctx.now();
  const [failed, overdue, unsound, misdated, open] = await Promise.all([
    findFailedRuns(sql, now),
    findOverdueRuns(sql, now, GRACE_MS),
    findUnsoundBackups(sql),
    findMisdatedBackups(sql, new Date(now.getTime() + CLOCK_TOLERANCE_MS)),
    findOpenNotices(sql),
  ]);
  // Of a run that failed the reason is known: it comes before the one that is late because of it.
  const trouble = [
    ...failed.map(failedNotice),
    ...overdue.map(overdueNotice),
    ...unsound.map(unsoundNotice),
    ...misdated.map(clockNotice),
  ];
  const lasting = new Set(trouble.map(keyOf));
  const known = new Set(open.map(keyOf));
  let told = 0;
  for (const notice of open) if (!lasting.has(keyOf(notice))) told += await end(ctx, notice, now);
  for (const news of trouble) {
    if (known.has(keyOf(news))) continue;
    known.add(keyOf(news));
    if (await tellAndMail(ctx, news, { now })) told++;
  }
  return told;
}

async function tellAndMail(
  ctx: SystemContext,
  news: NewNotice,
  as: { ends?: string; now: Date },
): Promise<boolean> {
  const notice = await addressNotice(ctx, ctx.db.sql, news);
  const id = await tell(ctx.db.sql, notice, as);
  await requestMail(ctx, { notice, id });
  return id !== undefined;
}

/** The notice of a trouble that is over ends, with good news where there is any. */
async function end(ctx: SystemContext, notice: OpenNotice, now: Date): Promise<number> {
  const news = await goodNews(ctx, notice, now);
  if (news) return (await tellAndMail(ctx, news, { ends: notice.id, now })) ? 1 : 0;
  await resolveNotice(ctx.db.sql, notice.id, now);
  return 0;
}

/** None where the schedule or the backup is gone: then nobody waits for it. */
async function goodNews(
  { db: { sql } }: SystemContext,
  { id, ownerId, fact, subjectId, createdAt }: OpenNotice,
  now: Date,
): Promise<NewNotice | undefined> {
  if (fact === SCHEDULE_TROUBLE) {
    const success = await firstSuccessAfter(sql, ownerId, { after: createdAt, now });
    return success && wellAgainNotice(ownerId, success, id);
  }
  if (fact === CLOCK_TROUBLE || subjectId === null) return undefined;
  const [backup] = await findBackupStates(sql, [subjectId]);
  return backup && !backup.isDeleted ? soundAgainNotice(ownerId, subjectId, id) : undefined;
}

function keyOf({ ownerId, fact }: { ownerId: string; fact: string }): string {
  return `${ownerId} ${fact}`;
}
