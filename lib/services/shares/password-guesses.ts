import { logAccess, type ShareLinkRow } from "@/db/queries/share-links";
import { ForbiddenError } from "@/lib/platform/errors";
import { passwordMatches } from "@/lib/services/accounts/password";
import type { SystemContext } from "@/lib/services/context";
import { consume, limiter } from "@/lib/services/rate-limits/limiter";

/** The second one bounds what a patient guesser gets in the time that a link lives: 4,500 guesses in 90 days. */
const LIMITS = [
  { name: "share-quarter-hour", points: 10, seconds: 15 * 60 },
  { name: "share-day", points: 50, seconds: 24 * 3600 },
];

/**
 * Lets pass whoever knows a link's password. Each guess is counted by link before it is looked at, so that guesses at the
 * same time count too; a right one is taken back, and forgets no wrong one: people share a link.
 * @throws ForbiddenError password-needed or wrong-password: 401 would say that a session is over
 * @throws TooManyRequestsError
 */
export async function requirePassword(
  ctx: SystemContext,
  link: Pick<ShareLinkRow, "id" | "password_hash">,
  password: string | undefined,
): Promise<void> {
  if (link.password_hash === null) return;
  if (password === undefined)
    throw new ForbiddenError("password-needed", "This link has a password. Enter it first.");
  const counters = LIMITS.map((limit) => limiter(ctx.db.sql, limit));
  for (const counter of counters) {
    await consume(counter, link.id, "Too many wrong passwords were tried at this link.");
  }
  if (!(await passwordMatches(link.password_hash, password))) {
    await logAccess(ctx.db.sql, link.id, "wrong-password", ctx.now());
    throw new ForbiddenError("wrong-password", "This is not the password of the link.");
  }
  for (const counter of counters) await counter.reward(link.id);
}
