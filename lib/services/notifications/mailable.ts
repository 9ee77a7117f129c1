/** Names that are nobody's for good (RFC 2606): what is sent there only comes back. */
const RESERVED = /(?:^|[@.])(?:test|example|invalid|localhost)\.?$/i;

/** Whether an account is ever mailed: the demo account is everybody's, and an address may be nobody's. */
export function isMailable({ email, isDemo }: { email: string; isDemo: boolean }): boolean {
  return !isDemo && !RESERVED.test(email);
}
