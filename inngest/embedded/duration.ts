const UNIT_MS: Record<string, number> = {
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
const PART = /(\d+(?:\.\d+)?)(ms|[wdhms])/g;

/**
 * The moment that a duration ("2h30m", as the SDK writes it; "" is none) or an ISO date means.
 * @throws Error if it is neither
 */
export function momentOf(text: string, now: Date): Date {
  if (/^(?:\d+(?:\.\d+)?(?:ms|[wdhms]))*$/.test(text)) return new Date(now.getTime() + durationMs(text));
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new Error(`"${text}" is neither a duration nor a date`);
  return moment;
}

function durationMs(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * UNIT_MS[unit!]!;
  return total;
}
