import type { AnySql } from "@/db/client";
import { findPreferences } from "@/db/queries/notification-preferences";
import { NOTIFICATION_TOPICS, type Delivery, type NotificationTopic } from "@/lib/contracts/notifications";

/** What people are told who have not chosen: what went wrong and what they wait for reaches them wherever they are. */
const BY_ITSELF: Record<NotificationTopic, Delivery> = {
  "export-finished": { inApp: true, byMail: true },
  "export-failed": { inApp: true, byMail: true },
  "backup-trouble": { inApp: true, byMail: true },
  "backup-made": { inApp: false, byMail: false },
  "restore-ended": { inApp: true, byMail: false },
};

/** How a user is told of each topic. */
export async function deliveriesOf(
  sql: AnySql,
  ownerId: string,
): Promise<Record<NotificationTopic, Delivery>> {
  const chosen = await findPreferences(sql, ownerId);
  const deliveries = { ...BY_ITSELF };
  for (const { topic, inApp, byMail } of chosen) {
    const known = NOTIFICATION_TOPICS.find((one) => one === topic);
    if (known) deliveries[known] = { inApp, byMail };
  }
  return deliveries;
}
