import { RefreshBody } from "@/lib/contracts/accounts";
import { publicRoute } from "@/lib/http/route";
import { refreshTokens } from "@/lib/services/accounts/refresh-tokens";

export const POST = publicRoute({ body: RefreshBody }, ({ ctx, body }) => refreshTokens(ctx, body));
