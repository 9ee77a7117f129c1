import { savePreferences } from "@/db/queries/notification-preferences";
import {
  NOTIFICATION_TOPICS,
  type NotificationPreferences,
  type NotificationPreferencesInput,
} from "@/lib/contracts/notifications";
import type { ServiceContext } from "@/lib/services/context";
import { getPreferences } from "@/lib/services/notifications/get-preferences";

/** Sets how the user is told from now on; a mail that waits for its next try and is not wanted any more is not sent. */
export async function putPreferences(
  ctx: ServiceContext,
  { topics }: NotificationPreferencesInput,
): Promise<NotificationPreferences> {
  const rows = NOTIFICATION_TOPICS.map((topic) => ({ topic, ...topics[topic] }));
  await savePreferences(ctx.db.sql, ctx.ownerId, rows);
  return getPreferences(ctx);
}
