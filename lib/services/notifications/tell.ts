import type { AnySql, SqlTransaction } from "@/db/client";
import { findMailAccount } from "@/db/queries/notice-mail";
import { tellNews as insertNews, type AddressedNotice, type NewNotice } from "@/db/queries/notices";
import { TOPIC_OF } from "@/lib/contracts/notifications";
import type { DomainEvent, SystemContext } from "@/lib/services/context";
import { deliveriesOf } from "@/lib/services/notifications/delivery";
import { isMailable } from "@/lib/services/notifications/mailable";

/** A notice with the id under which it was written; undefined where there was none to write. */
export interface Told {
  notice: AddressedNotice;
  id: string | undefined;
}

/**
 * A notice with the ways that its user has chosen for such, as far as there are any: where no mail is set up, or the
 * account is not one that is mailed, none is due, so that setting it up later does not send what is long past.
 */
export async function addressNotice(
  { mailer }: SystemContext,
  sql: AnySql,
  notice: NewNotice,
): Promise<AddressedNotice> {
  const { inApp, byMail } = (await deliveriesOf(sql, notice.ownerId))[TOPIC_OF[notice.kind]];
  if (!byMail || mailer === undefined) return { ...notice, inApp, byMail: false };
  const account = await findMailAccount(sql, notice.ownerId);
  return { ...notice, inApp, byMail: account !== undefined && isMailable(account) };
}

/**
 * Tells of something in the transaction in which it happens, last. `requestMail` is to follow once that is committed.
 * @param only "in-app" for what nobody needs a mail about: they asked for it themselves just now
 */
export async function tellNews(
  ctx: SystemContext,
  tx: SqlTransaction,
  news: NewNotice,
  only?: "in-app",
): Promise<Told> {
  const chosen = await addressNotice(ctx, tx, news);
  const notice = only === undefined ? chosen : { ...chosen, byMail: false };
  return { notice, id: await insertNews(tx, notice, ctx.now()) };
}

/**
 * Starts the function that mails a notice which is due, after the transaction that wrote it. Never throws: the row is what
 * counts, and the next five-minute round mails whatever nobody was asked for.
 */
export async function requestMail(ctx: SystemContext, told: Told | undefined): Promise<void> {
  if (told?.id === undefined || !told.notice.byMail) return;
  const event: DomainEvent = {
    name: "notice/told",
    data: { noticeId: told.id },
    id: `notice-mail-${told.id}`,
  };
  try {
    await ctx.sendEvents([event]);
  } catch (error) {
    ctx.log.warn({ err: error, noticeId: told.id }, "a mail could not be asked for; the next round sends it");
  }
}
