import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { RATE_LIMIT_TABLE, rateLimitClient } from "@/db/queries/accounts-rate-limits";
import type { Sql } from "@/db/client";
import { env } from "@/lib/platform/env";
import { TooManyRequestsError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";

const SIGN_IN_WINDOW_SECONDS = 15 * 60;
/** Many people share the address of a school or an office. */
const SIGN_IN_FAILURES_PER_IP = 100;
/** The client's address can be forged where no proxy sets it; this bounds guessing at one account all the same. */
const SIGN_IN_FAILURES_PER_EMAIL_FACTOR = 10;
const SIGN_UPS_PER_MINUTE = 60;

interface Limiters {
  emailAndIp: RateLimiterPostgres;
  email: RateLimiterPostgres;
  ip: RateLimiterPostgres;
  signUp: RateLimiterPostgres;
}

const limitersOf = new WeakMap<Sql, Limiters>();

function limiters(sql: Sql): Limiters {
  const known = limitersOf.get(sql);
  if (known) return known;
  const make = (keyPrefix: string, points: number, duration: number) =>
    new RateLimiterPostgres({
      storeClient: rateLimitClient(sql),
      storeType: "pool",
      tableName: RATE_LIMIT_TABLE,
      tableCreated: true,
      keyPrefix,
      points,
      duration,
    });
  const failures = env().SIGN_IN_ATTEMPTS_MAX;
  const made = {
    emailAndIp: make("sign-in-email-ip", failures, SIGN_IN_WINDOW_SECONDS),
    email: make("sign-in-email", failures * SIGN_IN_FAILURES_PER_EMAIL_FACTOR, SIGN_IN_WINDOW_SECONDS),
    ip: make("sign-in-ip", SIGN_IN_FAILURES_PER_IP, SIGN_IN_WINDOW_SECONDS),
    signUp: make("sign-up-ip", SIGN_UPS_PER_MINUTE, 60),
  };
  limitersOf.set(sql, made);
  return made;
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
    { limiter: emailAndIp, key: `${account}-${digest(ip)}` },
    { limiter: byEmail, key: account },
    { limiter: byIp, key: digest(ip) },
  ];
  for (const { limiter, key } of counters) {
    await consume(
      limiter,
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

async function consume(limiter: RateLimiterPostgres, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new TooManyRequestsError(message, seconds, {
      "ratelimit-limit": String(limiter.points),
      "ratelimit-remaining": "0",
      "ratelimit-reset": String(seconds),
      "ratelimit-policy": `${limiter.points};w=${limiter.duration}`,
    });
  }
}

/** The table holds neither e-mail nor network addresses. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
