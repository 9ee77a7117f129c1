import { NotificationPreferencesBody } from "@/lib/contracts/notifications";
import { route } from "@/lib/http/route";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { putPreferences } from "@/lib/services/notifications/put-preferences";

export const GET = route({}, ({ ctx }) => getPreferences(ctx));

export const PUT = route({ body: NotificationPreferencesBody }, ({ ctx, body }) => putPreferences(ctx, body));
