import { IdParams } from "@/lib/contracts/common";
import { route } from "@/lib/http/route";
import { revokeShare } from "@/lib/services/shares/revoke-share";

export const POST = route({ params: IdParams }, ({ ctx, params }) => revokeShare(ctx, params.id));
