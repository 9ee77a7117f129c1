import { markNoticesRead } from "@/db/queries/notices";
import type { ReadNotifications } from "@/lib/contracts/notifications";
import type { ServiceContext } from "@/lib/services/context";

/** Marks all of the user's notifications as read, or all up to one; answers how many were not. */
export async function readNotifications(
  ctx: ServiceContext,
  { upTo }: ReadNotifications,
): Promise<{ read: number }> {
  return { read: await markNoticesRead(ctx.db.sql, ctx.ownerId, { upTo, now: ctx.now() }) };
}
