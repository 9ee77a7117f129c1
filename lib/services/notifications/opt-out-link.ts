import { createHmac, timingSafeEqual } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";

/*
 * Signed addresses that end all mail to one account. Whoever got a mail has one, also where somebody else signed up with
 * their address: so it needs no session, never expires, and does nothing else.
 */

/** The path that ends mail to this account. */
export function optOutLink(ownerId: string): string {
  return `/api/v1/mail-opt-out?${new URLSearchParams({ account: ownerId, signature: sign(ownerId) })}`;
}

/** @throws AppError "link-invalid" unless Ferry made the link for this account */
export function checkOptOut({ account, signature }: { account: string; signature: string }): void {
  const given = Buffer.from(signature, "base64url");
  const wanted = Buffer.from(sign(account), "base64url");
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  const words = "This link is not one that Ferry made. Copy the whole address again.";
  throw new AppError(403, "link-invalid", words);
}

function sign(ownerId: string): string {
  return createHmac("sha256", derivedKey("mail-opt-out")).update(ownerId.toLowerCase()).digest("base64url");
}
