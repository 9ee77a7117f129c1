import { findUserByEmail } from "@/db/queries/accounts";
import type { User } from "@/lib/contracts/accounts";
import { UnauthorizedError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { passwordMatches } from "./password";
import { beginSignIn } from "./throttle";
import { userView } from "./view";

/**
 * Who this e-mail address and password belong to; the browser's session and the API's tokens both begin here.
 * @throws UnauthorizedError `invalid-credentials`
 * @throws TooManyRequestsError after too many failures
 */
export async function signIn(
  ctx: SystemContext,
  input: { email: string; password: string; ip: string },
): Promise<User> {
  const attempt = await beginSignIn(ctx, input);
  const row = await findUserByEmail(ctx.db.orm, input.email.trim());
  if (!(await passwordMatches(row?.passwordHash, input.password)) || !row) {
    throw new UnauthorizedError("The e-mail address or the password is wrong.", "invalid-credentials");
  }
  await attempt.succeeded();
  return userView(row);
}
