import { countUnreadNotices, listNotices } from "@/db/queries/notices";
import type { ListNotifications, NotificationPage } from "@/lib/contracts/notifications";
import { ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/** What the user was told without having asked, newest first. */
export async function listNotifications(
  ctx: ServiceContext,
  { limit, cursor, unread }: ListNotifications,
): Promise<NotificationPage> {
  if (cursor !== undefined && !/^-?\d{1,15}$/.test(cursor)) {
    throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
  }
  const before = cursor === undefined ? undefined : Number(cursor);
  const rows = await listNotices(ctx.db.sql, ctx.ownerId, { limit, unread, before });
  const shown = rows.slice(0, limit);
  const more = rows.length > limit;
  return {
    items: shown.map(({ notice }) => notice),
    nextCursor: more ? String(shown.at(-1)?.position ?? 0) : null,
    unreadCount: await countUnreadNotices(ctx.db.sql, ctx.ownerId),
  };
}
