import { findRefreshToken, replaceRefreshToken, revokeFamily } from "@/db/queries/accounts";
import type { Tokens } from "@/lib/contracts/accounts";
import { UnauthorizedError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { hashToken, issueTokens } from "./tokens";

/**
 * Exchanges a refresh token for new tokens. It works once: a second use means that two parties hold it, so the whole
 * family is revoked and both have to sign in again (RFC 9700, section 4.14.2).
 * @throws UnauthorizedError `refresh-token-reused` or `invalid-refresh-token`
 */
export async function refreshTokens(ctx: SystemContext, input: { refreshToken: string }): Promise<Tokens> {
  const now = ctx.now();
  const tokenHash = hashToken(input.refreshToken);
  const tokens = await ctx.db.orm.transaction(async (tx) => {
    const used = await replaceRefreshToken(tx, tokenHash, now);
    return used && issueTokens(tx, { userId: used.userId, familyId: used.familyId, now });
  });
  if (tokens) return tokens;

  const known = await findRefreshToken(ctx.db.orm, tokenHash);
  if (known?.replacedAt) {
    await revokeFamily(ctx.db.orm, known.familyId, now);
    ctx.log.warn({ userId: known.userId }, "a refresh token was used twice: its family is revoked");
    throw new UnauthorizedError("This refresh token was used before. Sign in again.", "refresh-token-reused");
  }
  throw new UnauthorizedError(
    "This refresh token is not valid any more. Sign in again.",
    "invalid-refresh-token",
  );
}
