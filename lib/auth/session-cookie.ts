import { decode } from "next-auth/jwt";
import { derivedKey, env } from "@/lib/platform/env";

export const SESSION_SECONDS = 7 * 24 * 3600;

/** The key of the browser's session: a JWT encrypted by next-auth. */
export function sessionSecret(): string {
  return derivedKey("session").toString("base64url");
}

/** Cookies are `Secure` where the public address is https; the name's prefix then binds that. */
export function useSecureCookies(): boolean {
  return env().APP_URL.startsWith("https://");
}

export function sessionCookieName(): string {
  return `${useSecureCookies() ? "__Secure-" : ""}next-auth.session-token`;
}

/** The user id in the value of a session cookie; undefined when it is forged, damaged, or over. */
export async function readSession(cookie: string | undefined): Promise<string | undefined> {
  if (!cookie) return undefined;
  try {
    const token = await decode({ token: cookie, secret: sessionSecret() });
    return token?.sub;
  } catch {
    return undefined;
  }
}

/** The value of one cookie of a `Cookie` header (RFC 6265). */
export function cookieValue(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
