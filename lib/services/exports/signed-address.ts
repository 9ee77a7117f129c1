import { createHmac, timingSafeEqual } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";

/** What a signed address carries besides its path. */
export interface Signature {
  expires?: string;
  signature?: string;
}

/**
 * The path with a signature that opens `subject` until then. `subject` must be unlike that of any other path: two words
 * alike would open each other's.
 */
export function signAddress(path: string, subject: string, until: Date): string {
  const expires = String(Math.floor(until.getTime() / 1000));
  return `${path}?${new URLSearchParams({ expires, signature: sign(subject, expires) })}`;
}

/** Why the signature does not open `subject`; undefined when it does. */
export function signatureFault(
  subject: string,
  { expires = "", signature = "" }: Signature,
  now: Date,
): "invalid" | "expired" | undefined {
  const given = Buffer.from(signature, "base64url");
  const wanted = Buffer.from(sign(subject, expires), "base64url");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return "invalid";
  return Number(expires) * 1000 >= now.getTime() ? undefined : "expired";
}

function sign(subject: string, expires: string): string {
  return createHmac("sha256", derivedKey("export-url"))
    .update(`GET ${subject} ${expires}`)
    .digest("base64url");
}
