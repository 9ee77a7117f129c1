import { insertUser } from "@/db/queries/accounts";
import type { User } from "@/lib/contracts/accounts";
import { ConflictError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { hashPassword } from "./password";
import { limitSignUps } from "./throttle";
import { userView } from "./view";

/**
 * A new account.
 * @throws ConflictError `email-taken` when the address has one already
 * @throws TooManyRequestsError when one address of the network signs up too often
 */
export async function signUp(
  ctx: SystemContext,
  input: { email: string; password: string; name?: string; ip: string },
): Promise<{ user: User }> {
  await limitSignUps(ctx, input.ip);
  const passwordHash = await hashPassword(input.password);
  const user = { id: newId(), email: input.email, name: input.name ?? null, passwordHash };
  const row = await insertUser(ctx.db.orm, user);
  if (!row) throw new ConflictError("email-taken", "There is an account with this e-mail address already.");
  return { user: userView(row) };
}
