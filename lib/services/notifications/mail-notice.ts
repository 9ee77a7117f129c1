import {
  cancelNoticeMail,
  claimNoticeMail,
  findDueNoticeMail,
  giveUpNoticeMail,
  noteMailed,
  postponeNoticeMail,
  type ClaimedNotice,
} from "@/db/queries/notice-mail";
import { TOPIC_OF } from "@/lib/contracts/notifications";
import { MailProblem } from "@/lib/mail/mailer";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";
import { RETRIES } from "@/lib/services/jobs/note-retry";
import { deliveriesOf } from "@/lib/services/notifications/delivery";
import { mailOf } from "@/lib/services/notifications/mail-text";
import { isMailable } from "@/lib/services/notifications/mailable";

/** Longer than any sending takes: whoever took a notice and is not done by then is no more. */
const CLAIM_MS = 180_000;
/** Four at once (the first and its retries), then after 5, 10, 20 and 40 minutes. */
const TRIES_MAX = 8;
const LATER_MS = 300_000;
/** One round sends so many at most, and no new one after so long: the next round goes on. */
const ROUND_MAX = 200;
const ROUND_MS_MAX = 120_000;

/**
 * not-due: mailed, given up, or in somebody else's hands. unwanted: its user does not want it by mail any more, or is never
 * mailed. unavailable: no mail can be sent at the moment.
 */
export type MailOutcome = "sent" | "not-due" | "unwanted" | "given-up" | "deferred" | "unavailable";

/**
 * Mails a notice that is due. A process that is killed after the server took the mail and before that is noted leaves it
 * due: it is sent a second time then, under the same Message-ID, so that mail programs show it once. Never throws for what
 * the mail server does.
 */
export async function mailNotice(ctx: SystemContext, id: string): Promise<MailOutcome> {
  const now = ctx.now();
  const until = new Date(now.getTime() + CLAIM_MS);
  const notice = await claimNoticeMail(ctx.db.sql, id, { now, until });
  if (!notice) return "not-due";
  if (!(await isWanted(ctx, notice))) {
    await cancelNoticeMail(ctx.db.sql, id);
    return "unwanted";
  }
  const problem = await send(ctx, notice);
  if (!problem) {
    await noteMailed(ctx.db.sql, id, ctx.now());
    return "sent";
  }
  const { kind, code } = problem;
  const isOver = kind === "refused" || notice.attempts >= TRIES_MAX;
  ctx.log.warn({ noticeId: id, kind, code, attempts: notice.attempts, isOver }, "a mail was not sent");
  if (isOver) {
    await giveUpNoticeMail(ctx.db.sql, notice);
    return "given-up";
  }
  await postponeNoticeMail(ctx.db.sql, notice, new Date(ctx.now().getTime() + pauseMs(notice.attempts)));
  return kind;
}

/** Mails whatever is due: what nobody was asked for, and what is to be tried again. Answers how many were sent. */
export async function mailDueNotices(ctx: SystemContext): Promise<number> {
  const end = performance.now() + ROUND_MS_MAX;
  let sent = 0;
  for (const id of await findDueNoticeMail(ctx.db.sql, ctx.now(), ROUND_MAX)) {
    if (performance.now() > end) break;
    const outcome = await mailNotice(ctx, id);
    if (outcome === "sent") sent++;
    // What holds for one holds for all: each would only wait for the same silence.
    if (outcome === "unavailable") break;
  }
  return sent;
}

/** As things are now: the notice may have been written hours ago, and somebody may have opted out since. */
async function isWanted({ db }: SystemContext, notice: ClaimedNotice): Promise<boolean> {
  return isMailable(notice) && (await deliveriesOf(db.sql, notice.ownerId))[TOPIC_OF[notice.kind]].byMail;
}

/** Null when the mail was sent. */
async function send({ mailer }: SystemContext, notice: ClaimedNotice): Promise<MailProblem | null> {
  // It was set up when the notice was written.
  if (!mailer) return new MailProblem("refused", "not-set-up");
  try {
    await mailer.send(mailOf(notice, env().APP_URL));
    return null;
  } catch (error) {
    if (error instanceof MailProblem) return error;
    throw error;
  }
}

/** The function that began tries again by itself, in seconds; after that the rounds do. */
function pauseMs(attempts: number): number {
  return attempts <= RETRIES ? 0 : LATER_MS * 2 ** (attempts - RETRIES - 1);
}
