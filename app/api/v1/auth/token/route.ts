import { clientAddress } from "@/lib/auth/client-address";
import { TokenBody } from "@/lib/contracts/accounts";
import { publicRoute } from "@/lib/http/route";
import { grantTokens } from "@/lib/services/accounts/grant-tokens";

export const POST = publicRoute({ body: TokenBody }, ({ ctx, body, request }) =>
  grantTokens(ctx, { ...body, ip: clientAddress(request.headers) }),
);
