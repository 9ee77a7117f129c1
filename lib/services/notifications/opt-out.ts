import { findMailAccount } from "@/db/queries/notice-mail";
import { savePreferences } from "@/db/queries/notification-preferences";
import { NOTIFICATION_TOPICS } from "@/lib/contracts/notifications";
import type { SystemContext } from "@/lib/services/context";
import { deliveriesOf } from "@/lib/services/notifications/delivery";
import { checkOptOut } from "@/lib/services/notifications/opt-out-link";

/**
 * Ends all mail to an account, by a signed link. What was mailed is told in the app instead, since the link may have been
 * followed by somebody to whom the mail was passed on. Harmless when repeated, and of an account that is gone.
 * @throws AppError "link-invalid"
 */
export async function optOutOfMail(
  { db: { sql } }: SystemContext,
  link: { account: string; signature: string },
): Promise<void> {
  checkOptOut(link);
  if (!(await findMailAccount(sql, link.account))) return;
  const deliveries = await deliveriesOf(sql, link.account);
  const rows = NOTIFICATION_TOPICS.map((topic) => {
    const { inApp, byMail } = deliveries[topic];
    return { topic, inApp: inApp || byMail, byMail: false };
  });
  await savePreferences(sql, link.account, rows);
}
