import { isSignatureOf, signatureOf } from "@/lib/platform/signature";

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
  return `${path}?${new URLSearchParams({ expires, signature: signatureOf("export-url", textOf(subject, expires)) })}`;
}

/** Why the signature does not open `subject`; undefined when it does. */
export function signatureFault(
  subject: string,
  { expires = "", signature = "" }: Signature,
  now: Date,
): "invalid" | "expired" | undefined {
  if (!isSignatureOf("export-url", textOf(subject, expires), signature)) return "invalid";
  return Number(expires) * 1000 >= now.getTime() ? undefined : "expired";
}

function textOf(subject: string, expires: string): string {
  return `GET ${subject} ${expires}`;
}
