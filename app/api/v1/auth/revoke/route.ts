import { RefreshBody } from "@/lib/contracts/accounts";
import { publicRoute } from "@/lib/http/route";
import { revokeTokens } from "@/lib/services/accounts/revoke-tokens";

export const POST = publicRoute({ body: RefreshBody }, ({ ctx, body }) => revokeTokens(ctx, body));
