import { EnterShareBody } from "@/lib/contracts/shares";
import { publicRoute } from "@/lib/http/route";
import { openShare } from "@/lib/services/shares/open-share";

export const POST = publicRoute({ body: EnterShareBody }, ({ ctx, body }) => openShare(ctx, body));
