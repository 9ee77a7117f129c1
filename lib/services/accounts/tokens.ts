import { createHash, randomBytes } from "node:crypto";
import type { Orm, OrmTransaction } from "@/db/client";
import { insertRefreshToken } from "@/db/queries/accounts";
import type { Tokens } from "@/lib/contracts/accounts";
import { ACCESS_TOKEN_SECONDS, signAccessToken } from "./access-token";

const REFRESH_TOKEN_DAYS = 7;

/** Tokens for a user: an access token, and the next refresh token of that family. */
export async function issueTokens(
  orm: Orm | OrmTransaction,
  { userId, familyId, now }: { userId: string; familyId: string; now: Date },
): Promise<Tokens> {
  const refreshToken = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now.getTime() + REFRESH_TOKEN_DAYS * 24 * 3600 * 1000);
  await insertRefreshToken(orm, { tokenHash: hashToken(refreshToken), familyId, userId, expiresAt });
  const accessToken = await signAccessToken(userId, now);
  return { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS, tokenType: "Bearer" };
}

/** A plain hash is enough: the token holds 256 random bits, which nobody can guess their way to. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
