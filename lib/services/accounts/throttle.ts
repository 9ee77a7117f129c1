import { createHash } from "node:crypto";
import type { Sql } from "@/db/client";
import { env } from "@/lib/platform/env";
import type { SystemContext } from "@/lib/services/context";
import { consume, limiter } from "@/lib/services/rate-limits/limiter";

const SIGN_IN_WINDOW_SECONDS = 15 * 60;
/** Many people share the address of a school or an office. */
const SIGN_IN_FAILURES_PER_IP = 100;
/** The client's address can be forged where no proxy sets it; this bounds guessing at one account all the same. */
const SIGN_IN_FAILURES_PER_EMAIL_FACTOR = 10;
const SIGN_UPS_PER_MINUTE = 60;

function limiters(sql: Sql) {
  const failures = env().SIGN_IN_ATTEMPTS_MAX;
  const signIn = (name: string, points: number) =>
    limiter(sql, { name, points, seconds: SIGN_IN_WINDOW_SECONDS });
  return {
    emailAndIp: signIn("sign-in-email-ip", failures),
    email: signIn("sign-in-email", failures * SIGN_IN_FAILURES_PER_EMAIL_FACTOR),
    ip: signIn("sign-in-ip", SIGN_IN_FAILURES_PER_IP),
    signUp: limiter(sql, { name: "sign-up-ip", points: SIGN_UPS_PER_MINUTE, seconds: 60 }),
  };
}

/** One attempt to sign in, counted before the password is looked at, so that attempts at the same time count too. */
export interface SignInAttempt {
  /** Takes the attempt back from the counts, and forgets the earlier failures at this account from this address. */
  succeeded(): Promise<void>;
}

/** @throws TooManyRequestsError when too many attempts failed, at this account or from this address */
export async function beginSignIn(
  ctx: SystemContext,
  { email, ip }: { email: string; ip: string },
): Promise<SignInAttempt> {
  const { emailAndIp, email: byEmail, ip: byIp } = limiters(ctx.db.sql);
  const account = digest(email.trim().toLowerCase());
  const counters = [
    { counter: emailAndIp, key: `${account}-${digest(ip)}` },
    { counter: byEmail, key: account },
    { counter: byIp, key: digest(ip) },
  ];
  for (const { counter, key } of counters) {
    await consume(
      counter,
      key,
      "Too many attempts to sign in have failed. Wait a little before the next one.",
    );
  }
  return {
    succeeded: async () => {
      await emailAndIp.delete(counters[0]!.key);
      await byEmail.reward(account);
      await byIp.reward(digest(ip));
    },
  };
}

/** @throws TooManyRequestsError */
export async function limitSignUps(ctx: SystemContext, ip: string): Promise<void> {
  const message = "Too many accounts were made from this address. Wait a minute.";
  await consume(limiters(ctx.db.sql).signUp, digest(ip), message);
}

/** The table holds neither e-mail nor network addresses. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
