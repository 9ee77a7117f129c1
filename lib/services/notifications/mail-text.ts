import type { ClaimedNotice } from "@/db/queries/notice-mail";
import { notificationPage } from "@/lib/contracts/notifications";
import type { Mail } from "@/lib/mail/mailer";
import { optOutLink } from "@/lib/services/notifications/opt-out-link";

/**
 * The mail that tells what a notice does. Its links lead to pages, which ask who is there: whoever reads it has nothing,
 * except that anybody who has it can end such mail.
 */
export function mailOf(notice: ClaimedNotice, appUrl: string): Mail {
  const page = new URL(notificationPage(notice), appUrl).href;
  const settings = new URL("/settings#notifications", appUrl).href;
  const optOutUrl = new URL(optOutLink(notice.ownerId), appUrl).href;
  return {
    id: `notice-${notice.id}`,
    to: notice.email,
    subject: notice.title,
    text: `${notice.message}\n\n${page}\n\nFerry tells you as your settings say: ${settings}\nNo more mail, without signing in: ${optOutUrl}\n`,
    optOutUrl,
  };
}
