import { markNoticeRead } from "@/db/queries/notices";
import type { Notification } from "@/lib/contracts/notifications";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/** Marks a notification as read. */
export async function readNotification(ctx: ServiceContext, id: string): Promise<Notification> {
  const notice = await markNoticeRead(ctx.db.sql, id, ctx.ownerId, ctx.now());
  if (!notice) throw new NotFoundError("notification");
  return notice;
}
