import { ListNotificationsQuery } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import { listNotifications } from "@/lib/services/notifications/list-notifications";

export const GET = route({ query: ListNotificationsQuery }, ({ ctx, query }) =>
  listNotifications(ctx, query),
);
