import { createHmac, timingSafeEqual } from "node:crypto";
import { derivedKey } from "./env";

/** HMAC-SHA-256 (RFC 2104) of a text in base64url, by the key of that purpose: nobody but Ferry can make it. */
export function signatureOf(purpose: Parameters<typeof derivedKey>[0], text: string): string {
  return createHmac("sha256", derivedKey(purpose)).update(text).digest("base64url");
}

/** Whether the signature is that of the text; how long that takes says nothing of the right one. */
export function isSignatureOf(
  purpose: Parameters<typeof derivedKey>[0],
  text: string,
  signature: string,
): boolean {
  const given = Buffer.from(signature, "base64url");
  const wanted = Buffer.from(signatureOf(purpose, text), "base64url");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
