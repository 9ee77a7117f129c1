import { hybridIdentity, hybridRecipient, looksLikeHybridIdentity, looksLikeHybridRecipient } from "./hybrid";
import type { Identity, Recipient } from "./recipients";
import { x25519Identity, x25519Recipient } from "./x25519";

/** A public key of any type that is known. @param text `age1…` or `age1pq1…` @throws Error when it is none */
export function recipientFrom(text: string): Recipient {
  return looksLikeHybridRecipient(text) ? hybridRecipient(text) : x25519Recipient(text);
}

/**
 * A secret key of any type that is known.
 * @param text `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`
 * @throws Error when it is none
 */
export function identityFrom(text: string): Identity {
  return looksLikeHybridIdentity(text) ? hybridIdentity(text) : x25519Identity(text);
}
