import { hash, verify } from "@node-rs/argon2";

/** argon2id, 19 MiB, 2 passes, 1 lane: OWASP's Password Storage Cheat Sheet. They are the library's defaults, fixed here. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFC"), COST);
}

let nobodysHash: Promise<string> | undefined;

/**
 * True when the password belongs to the hash. Without a hash (no such account) it does the same work and says false, so
 * that the time of an answer does not tell which e-mail addresses have an account.
 */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  const against = passwordHash ?? (await (nobodysHash ??= hashPassword("nobody's password")));
  const matches = await verify(against, password.normalize("NFC"));
  return matches && passwordHash !== undefined;
}
