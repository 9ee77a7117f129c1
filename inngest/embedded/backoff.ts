const FIRST_MS = 2_000;
const MAX_MS = 10 * 60_000;

/**
 * Milliseconds until an attempt that failed is repeated: 2, 4, 8 … seconds, ten minutes at most, plus up to a tenth
 * so that many that failed together do not all come back together.
 * @param attempt the attempt that failed, from 0
 * @param random from 0 to 1
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  return Math.min(FIRST_MS * 2 ** attempt, MAX_MS) * (1 + random / 10);
}

/**
 * Milliseconds that a `retry-after` header asks for (whole seconds or a date); undefined if it is missing or unreadable.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : new Date(header).getTime() - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
