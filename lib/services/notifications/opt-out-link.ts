import { AppError } from "@/lib/platform/errors";
import { isSignatureOf, signatureOf } from "@/lib/platform/signature";

/*
 * Signed addresses that end all mail to one account. Whoever got a mail has one, also where somebody else signed up with
 * their address: so it needs no session, never expires, and does nothing else.
 */

/** The path that ends mail to this account. */
export function optOutLink(ownerId: string): string {
  return `/api/v1/mail-opt-out?${new URLSearchParams({ account: ownerId, signature: signatureOf("mail-opt-out", ownerId.toLowerCase()) })}`;
}

/** @throws AppError "link-invalid" unless Ferry made the link for this account */
export function checkOptOut({ account, signature }: { account: string; signature: string }): void {
  if (isSignatureOf("mail-opt-out", account.toLowerCase(), signature)) return;
  const words = "This link is not one that Ferry made. Copy the whole address again.";
  throw new AppError(403, "link-invalid", words);
}
