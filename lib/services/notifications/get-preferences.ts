import { findUser } from "@/db/queries/accounts";
import type { NotificationPreferences } from "@/lib/contracts/notifications";
import type { ServiceContext } from "@/lib/services/context";
import { deliveriesOf } from "@/lib/services/notifications/delivery";
import { isMailable } from "@/lib/services/notifications/mailable";

/** How the user is told of each topic, and whether mail is set up here. */
export async function getPreferences(ctx: ServiceContext): Promise<NotificationPreferences> {
  const [topics, user] = await Promise.all([
    deliveriesOf(ctx.db.sql, ctx.ownerId),
    findUser(ctx.db.orm, ctx.ownerId),
  ]);
  const mail = {
    isSetUp: ctx.mailer !== undefined,
    isDeliverable: user !== undefined && isMailable(user),
    address: user?.email ?? "",
  };
  return { topics, mail };
}
