import { localTime, weekdayOf } from "@/lib/core/schedule/zoned-time";

/** How many to keep; what is left out or 0 keeps none. A policy that says nothing at all keeps everything. */
export interface RetentionPolicy {
  /** The newest ones. */
  keepLast?: number;
  /** The newest one of each of the newest days, weeks (from Monday), months, years that have any. */
  keepDaily?: number;
  keepWeekly?: number;
  keepMonthly?: number;
  keepYearly?: number;
  /** All that are at most this much older than the newest: days. */
  keepWithinDays?: number;
}

export interface KeptThing {
  id: string;
  madeAt: Date;
  /** What it cannot be read without; null for one that stands by itself. */
  parentId: string | null;
}

export type KeepReason =
  /** `number` counts from 1, the newest. */
  | { rule: "last"; number: number }
  /** `period`: 2028-02-29, 2028-W09, 2028-02, 2028. */
  | { rule: "daily" | "weekly" | "monthly" | "yearly"; number: number; period: string }
  | { rule: "within"; days: number }
  /** The policy says nothing. */
  | { rule: "everything" }
  /** `id` is kept and builds upon it. */
  | { rule: "ancestor"; id: string }
  /** Its owner took it back after it had been removed. */
  | { rule: "byHand" }
  /** It is dated later than now: a clock was wrong then, or is wrong now. */
  | { rule: "clock" }
  /** It holds the newest state, although a clock that was set back has dated another one later. */
  | { rule: "newestState" };

/** What is kept whatever the policy says; those whose date cannot be believed do not count in its rules. */
export interface Pinned {
  id: string;
  reason: Extract<KeepReason, { rule: "byHand" | "clock" | "newestState" }>;
}

export interface RetentionPlan<T> {
  /** Newest first, each with every reason there is. */
  kept: { thing: T; reasons: KeepReason[] }[];
  /** Newest first, so that each comes before what it builds upon: the order in which to remove. */
  removed: T[];
}

const DAY_MS = 86_400_000;

/**
 * What a policy keeps, and why, and what it would remove. Days begin and end in the user's time zone. Whatever a kept
 * one builds upon is kept too, so that no chain is ever broken. Of two made at the same moment the one that builds upon
 * the other is the newer; else the greater id. `things` are all that the user has and can read.
 */
export function planRetention<T extends KeptThing>(
  things: readonly T[],
  policy: RetentionPolicy,
  timeZone: string,
  pinned: readonly Pinned[] = [],
): RetentionPlan<T> {
  const all = sortNewestFirst(things);
  const reasons = new Map<string, KeepReason[]>(all.map(({ id }) => [id, []]));
  const keep = ({ id }: { id: string }, reason: KeepReason) => reasons.get(id)?.push(reason);

  for (const pin of pinned) keep(pin, pin.reason);
  const misdated = new Set(pinned.filter(({ reason }) => reason.rule === "clock").map(({ id }) => id));
  const newestFirst = all.filter(({ id }) => !misdated.has(id));
  if (saysNothing(policy)) for (const thing of newestFirst) keep(thing, { rule: "everything" });
  newestFirst
    .slice(0, policy.keepLast ?? 0)
    .forEach((thing, i) => keep(thing, { rule: "last", number: i + 1 }));
  for (const { rule, count, periodOf } of periodsOf(policy)) {
    const seen = new Set<string>();
    for (const thing of newestFirst) {
      if (seen.size >= count) break;
      const period = periodOf(thing.madeAt, timeZone);
      if (seen.has(period)) continue;
      seen.add(period);
      keep(thing, { rule, number: seen.size, period });
    }
  }
  const days = policy.keepWithinDays ?? 0;
  if (days > 0) {
    const oldestMs = Math.max(...newestFirst.map((thing) => thing.madeAt.getTime())) - days * DAY_MS;
    for (const thing of newestFirst) {
      if (thing.madeAt.getTime() >= oldestMs) keep(thing, { rule: "within", days });
    }
  }
  keepAncestors(all, reasons);

  const reasonsOf = (thing: T) => reasons.get(thing.id) ?? [];
  return {
    kept: all.filter((t) => reasonsOf(t).length > 0).map((thing) => ({ thing, reasons: reasonsOf(thing) })),
    removed: all.filter((thing) => reasonsOf(thing).length === 0),
  };
}

function saysNothing({ keepWithinDays = 0, ...policy }: RetentionPolicy): boolean {
  return keepWithinDays <= 0 && Object.values(policy).every((count) => (count ?? 0) <= 0);
}

function periodsOf({ keepDaily = 0, keepWeekly = 0, keepMonthly = 0, keepYearly = 0 }: RetentionPolicy) {
  return [
    { rule: "daily", count: keepDaily, periodOf: dayOf },
    { rule: "weekly", count: keepWeekly, periodOf: weekOf },
    {
      rule: "monthly",
      count: keepMonthly,
      periodOf: (at: Date, zone: string) => dayOf(at, zone).slice(0, -3),
    },
    { rule: "yearly", count: keepYearly, periodOf: (at: Date, zone: string) => dayOf(at, zone).slice(0, -6) },
  ] as const;
}

function dayOf(at: Date, timeZone: string): string {
  const { year, month, day } = localTime(at.getTime(), timeZone);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** As ISO 8601 numbers weeks: the year is that of the week's Thursday. */
function weekOf(at: Date, timeZone: string): string {
  const { year, month, day } = localTime(at.getTime(), timeZone);
  const thursdayMs = Date.UTC(year, month - 1, day + 4 - weekdayOf({ year, month, day }));
  const weekYear = new Date(thursdayMs).getUTCFullYear();
  const week = 1 + Math.floor((thursdayMs - Date.UTC(weekYear, 0, 1)) / (7 * DAY_MS));
  return `${pad(weekYear, 4)}-W${pad(week, 2)}`;
}

function keepAncestors<T extends KeptThing>(
  newestFirst: readonly T[],
  reasons: Map<string, KeepReason[]>,
): void {
  const byId = new Map(newestFirst.map((thing) => [thing.id, thing]));
  const directly = newestFirst.filter((thing) => (reasons.get(thing.id) ?? []).length > 0);
  const passed = new Set<string>();
  for (const thing of directly) {
    let child: KeptThing = thing;
    // Ends at a chain's beginning, at a parent that is not there, and where another chain has been before.
    while (child.parentId !== null && !passed.has(child.id)) {
      passed.add(child.id);
      const parent = byId.get(child.parentId);
      if (!parent) break;
      reasons.get(parent.id)?.push({ rule: "ancestor", id: child.id });
      child = parent;
    }
  }
}

/** By when they were made; yet none before what it builds upon, though the clock was set back in between. */
function sortNewestFirst<T extends KeptThing>(things: readonly T[]): T[] {
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const places = new Map<string, { atMs: number; depth: number }>();
  const placeOf = (thing: T): { atMs: number; depth: number } => {
    const path: T[] = [];
    for (let at: T | undefined = thing; at && !places.has(at.id) && path.length < things.length;) {
      path.push(at);
      at = at.parentId === null ? undefined : byId.get(at.parentId);
    }
    for (const next of path.toReversed()) {
      const below = next.parentId === null ? undefined : places.get(next.parentId);
      const atMs = Math.max(next.madeAt.getTime(), below?.atMs ?? Number.NEGATIVE_INFINITY);
      places.set(next.id, { atMs, depth: below ? below.depth + 1 : 0 });
    }
    return places.get(thing.id) ?? { atMs: thing.madeAt.getTime(), depth: 0 };
  };
  return things.toSorted((a, b) => {
    const [one, other] = [placeOf(a), placeOf(b)];
    return other.atMs - one.atMs || other.depth - one.depth || (a.id < b.id ? 1 : -1);
  });
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0");
}
