import { ReadNotificationsBody } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import { readNotifications } from "@/lib/services/notifications/read-notifications";

export const POST = route({ body: ReadNotificationsBody }, ({ ctx, body }) => readNotifications(ctx, body));
