import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Sql } from "@/db/client";
import { RATE_LIMIT_TABLE, rateLimitClient } from "@/db/queries/accounts-rate-limits";
import { TooManyRequestsError } from "@/lib/platform/errors";

/** At most `points` of something in a window of `seconds` that begins with the first. `name` tells it from the others. */
export interface RateLimit {
  name: string;
  points: number;
  seconds: number;
}

const known = new WeakMap<Sql, Map<string, RateLimiterPostgres>>();

/** The counters of a limit, which all processes of an installation share. Made once: each clears old rows by a timer. */
export function limiter(sql: Sql, { name, points, seconds }: RateLimit): RateLimiterPostgres {
  const ofDatabase = known.get(sql) ?? new Map<string, RateLimiterPostgres>();
  known.set(sql, ofDatabase);
  const made =
    ofDatabase.get(name) ??
    new RateLimiterPostgres({
      storeClient: rateLimitClient(sql),
      storeType: "pool",
      tableName: RATE_LIMIT_TABLE,
      tableCreated: true,
      keyPrefix: name,
      points,
      duration: seconds,
    });
  ofDatabase.set(name, made);
  return made;
}

/** @throws TooManyRequestsError with the message when the key has used up its points */
export async function consume(from: RateLimiterPostgres, key: string, message: string): Promise<void> {
  try {
    await from.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new TooManyRequestsError(message, seconds, {
      "ratelimit-limit": String(from.points),
      "ratelimit-remaining": "0",
      "ratelimit-reset": String(seconds),
      "ratelimit-policy": `${from.points};w=${from.duration}`,
    });
  }
}
