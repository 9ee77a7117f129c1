import { clientAddress } from "@/lib/auth/client-address";
import { SignUpBody } from "@/lib/contracts/accounts";
import { json, publicRoute } from "@/lib/http/route";
import { signUp } from "@/lib/services/accounts/sign-up";

export const POST = publicRoute({ body: SignUpBody }, async ({ ctx, body, request }) =>
  json(await signUp(ctx, { ...body, ip: clientAddress(request.headers) }), 201),
);
