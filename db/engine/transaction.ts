import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import type { Sql, SqlTransaction } from "../client";

/** Any two numbers, the same in every worker. The claim lock makes counting leases and taking one a single act. */
export const CLAIM_LOCK = 4_620_721;
/** First key of the advisory lock that a living worker's session holds; the second is the worker's id. */
export const WORKER_LOCK_CLASS = 4_620_722;
/** Somebody may have work now. */
export const WAKE_CHANNEL = "ferry_engine";

const CONFLICTS = new Set(["40P01", "40001"]);

/**
 * Run `work` in a transaction; again when PostgreSQL ended it because of a deadlock or a serialization failure.
 * Transactions of the engine lock their own leased job first, then runs; two runs may be locked in any order, so that
 * a deadlock is possible, rare, and harmless.
 */
export async function inTransaction<T>(sql: Sql, work: (tx: SqlTransaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await sql.begin(work)) as T;
    } catch (error) {
      if (attempt === 8 || !(error instanceof postgres.PostgresError) || !CONFLICTS.has(error.code))
        throw error;
      await delay(Math.random() * 10 * 2 ** attempt);
    }
  }
}

const SOCKET_CODES = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** The server has no room on its disk, or no memory: class 53 of its errors, but for those that are about connecting. */
const SHORT_OF = new Set(["53000", "53100", "53200"]);

/** Whether the server was there and had no room: the same statement may succeed once somebody has made some. */
export function isShortOfRoom(error: unknown): boolean {
  return SHORT_OF.has(String((error as { code?: unknown } | null)?.code));
}

/** Whether the server was not there, going, or coming: the same statement may succeed in a moment. */
export function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return false;
  // Classes 08 (connection) and 57P01–57P03 (shutting down, crashed, starting up), 53300 (too many connections).
  return SOCKET_CODES.has(code) || code.startsWith("08") || code.startsWith("57P0") || code === "53300";
}
