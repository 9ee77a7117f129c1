import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { readNotification } from "@/lib/services/notifications/read-notification";

export const POST = route({ params: IdParams }, ({ ctx, params }) => readNotification(ctx, params.id));
