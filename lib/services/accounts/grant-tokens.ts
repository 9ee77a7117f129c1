import { pruneRefreshTokens } from "@/db/queries/accounts";
import type { Tokens } from "@/lib/contracts/accounts";
import { newId } from "@/lib/platform/ids";
import type { SystemContext } from "@/lib/services/context";
import { signIn } from "./sign-in";
import { issueTokens } from "./tokens";

/** Signs an API client in: the first tokens of a new family. Throws what `signIn` throws. */
export async function grantTokens(
  ctx: SystemContext,
  input: { email: string; password: string; ip: string },
): Promise<Tokens> {
  const user = await signIn(ctx, input);
  const now = ctx.now();
  await pruneRefreshTokens(ctx.db.orm, user.id, now);
  return issueTokens(ctx.db.orm, { userId: user.id, familyId: newId(), now });
}
