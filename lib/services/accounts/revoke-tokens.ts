import { findRefreshToken, revokeFamily } from "@/db/queries/accounts";
import type { SystemContext } from "@/lib/services/context";
import { hashToken } from "./tokens";

/** Signs an API client out: ends the family of that refresh token. An unknown token is no error (RFC 7009). */
export async function revokeTokens(
  ctx: SystemContext,
  input: { refreshToken: string },
): Promise<{ revoked: true }> {
  const known = await findRefreshToken(ctx.db.orm, hashToken(input.refreshToken));
  if (known) await revokeFamily(ctx.db.orm, known.familyId, ctx.now());
  return { revoked: true };
}
