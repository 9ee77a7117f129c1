import { findUser } from "@/db/queries/accounts";
import type { User } from "@/lib/contracts/accounts";
import { ForbiddenError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { passwordMatches } from "./password";
import { beginSignIn } from "./throttle";
import { userView } from "./view";

/**
 * Asks a signed-in person for their password once more, before something that a borrowed session must not do. Failures
 * count as failed sign-ins do: a session is no way to guess the password faster.
 * @throws ForbiddenError `wrong-password`: 401 would say that the session is over
 * @throws TooManyRequestsError
 */
export async function confirmPassword(
  ctx: ServiceContext,
  given: { password: string; ip: string },
): Promise<User> {
  const row = await findUser(ctx.db.orm, ctx.ownerId);
  const attempt = await beginSignIn(ctx, { email: row?.email ?? ctx.ownerId, ip: given.ip });
  if (!(await passwordMatches(row?.passwordHash, given.password)) || !row) {
    throw new ForbiddenError("wrong-password", "This is not the password of your account.");
  }
  await attempt.succeeded();
  return userView(row);
}
