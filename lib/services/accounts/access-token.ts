import { jwtVerify, SignJWT } from "jose";
import { derivedKey } from "@/lib/platform/env";

export const ACCESS_TOKEN_SECONDS = 15 * 60;

const ISSUER = "ferry";
const AUDIENCE = "ferry-api";

/** A signed token that names its user for 15 minutes. */
export async function signAccessToken(userId: string, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
    .setSubject(userId)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
    .sign(derivedKey("access-token"));
}

/** The user an access token names; undefined when it is not ours, damaged, or over. */
export async function readAccessToken(token: string, now: Date): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, derivedKey("access-token"), {
      algorithms: ["HS256"],
      typ: "at+jwt",
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: now,
    });
    return payload.sub;
  } catch {
    return undefined;
  }
}
