import { isDeliverable } from "@/lib/mail/address";

/** Whether an account is ever mailed: the demo account is everybody's, and an address may be nobody's. */
export function isMailable({ email, isDemo }: { email: string; isDemo: boolean }): boolean {
  return !isDemo && isDeliverable(email);
}
