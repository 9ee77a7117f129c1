import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { getShare } from "@/lib/services/shares/get-share";

export const GET = route({ params: IdParams }, ({ ctx, params }) => getShare(ctx, params.id));
