import { systemContext } from "@/lib/composition/context";
import { UnauthorizedError } from "@/lib/platform/errors";
import { readAccessToken } from "@/lib/services/accounts/access-token";
import { findUser } from "@/lib/services/accounts/find-user";
import { requireSameOrigin } from "./csrf";
import { cookieValue, readSession, sessionCookieName } from "./session-cookie";

export interface Identity {
  ownerId: string;
  via: "bearer" | "cookie";
}

/**
 * Who makes a request: by the bearer token where there is one, else by the browser's session cookie. A deleted account's
 * tokens and sessions are worth nothing.
 * @throws UnauthorizedError `unauthorized` or `invalid-token`
 * @throws ForbiddenError `csrf` when a cookie-signed change does not come from our own pages
 */
export async function authenticate(request: Request): Promise<Identity> {
  const ctx = systemContext();
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +([^\s]+)$/i.exec(authorization.trim())?.[1];
    const ownerId = token && (await readAccessToken(token, ctx.now()));
    if (!ownerId || !(await findUser(ctx, ownerId))) {
      throw new UnauthorizedError("The access token is not valid, or is over.", "invalid-token");
    }
    return { ownerId, via: "bearer" };
  }
  const ownerId = await readSession(cookieValue(request.headers.get("cookie"), sessionCookieName()));
  if (!ownerId || !(await findUser(ctx, ownerId))) throw new UnauthorizedError();
  requireSameOrigin(request);
  return { ownerId, via: "cookie" };
}
