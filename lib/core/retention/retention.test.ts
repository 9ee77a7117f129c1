import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  planRetention,
  type KeptThing,
  type Pinned,
  type RetentionPolicy,
} from "@/lib/core/retention/retention";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati"];

const at = (id: string, madeAt: string, parentId: string | null = null): KeptThing => ({
  id,
  madeAt: new Date(madeAt),
  parentId,
});

/** One a day at noon UTC, the newest on `last`, ids by date. */
function daily(last: string, count: number): KeptThing[] {
  return Array.from({ length: count }, (_, i) => {
    const madeAt = new Date(Date.parse(`${last}T12:00Z`) - i * DAY_MS);
    return { id: madeAt.toISOString().slice(0, 10), madeAt, parentId: null };
  });
}

const keptIds = (things: KeptThing[], policy: RetentionPolicy, zone = "UTC") =>
  planRetention(things, policy, zone).kept.map(({ thing }) => thing.id);

describe("golden policies over 400 daily backups up to 2028-03-15", () => {
  const things = daily("2028-03-15", 400);

  it("the last 3", () => {
    expect(keptIds(things, { keepLast: 3 })).toEqual(["2028-03-15", "2028-03-14", "2028-03-13"]);
  });

  it("4 weeks: the newest of each, which is its Sunday but for the present one", () => {
    expect(keptIds(things, { keepWeekly: 4 })).toEqual([
      "2028-03-15",
      "2028-03-12",
      "2028-03-05",
      "2028-02-27",
    ]);
  });

  it("12 months: the last day of each, leap day included", () => {
    expect(keptIds(things, { keepMonthly: 12 })).toEqual([
      "2028-03-15",
      "2028-02-29",
      "2028-01-31",
      "2027-12-31",
      "2027-11-30",
      "2027-10-31",
      "2027-09-30",
      "2027-08-31",
      "2027-07-31",
      "2027-06-30",
      "2027-05-31",
      "2027-04-30",
    ]);
  });

  it("years: as many as there are", () => {
    expect(keptIds(things, { keepYearly: 5 })).toEqual(["2028-03-15", "2027-12-31"]);
  });

  it("within two days of the newest, though the newest itself is old", () => {
    expect(keptIds(things, { keepWithinDays: 2 })).toEqual(["2028-03-15", "2028-03-14", "2028-03-13"]);
  });

  it("7 days, 4 weeks, 12 months, 3 years: one may be kept for several reasons", () => {
    const plan = planRetention(
      things,
      { keepDaily: 7, keepWeekly: 4, keepMonthly: 12, keepYearly: 3 },
      "UTC",
    );
    expect(plan.kept).toHaveLength(7 + 2 + 11);
    expect(plan.removed).toHaveLength(400 - 20);
    expect(plan.kept[0]!.reasons).toEqual([
      { rule: "daily", number: 1, period: "2028-03-15" },
      { rule: "weekly", number: 1, period: "2028-W11" },
      { rule: "monthly", number: 1, period: "2028-03" },
      { rule: "yearly", number: 1, period: "2028" },
    ]);
  });
});

describe("a policy", () => {
  it("that says nothing keeps everything", () => {
    const plan = planRetention(daily("2028-03-15", 3), { keepLast: 0, keepWithinDays: 0 }, "UTC");
    expect(plan.removed).toEqual([]);
    expect(plan.kept[2]!.reasons).toEqual([{ rule: "everything" }]);
  });

  it("has days that begin and end where the user lives", () => {
    const things = [at("b", "2028-03-01T07:30:00Z"), at("a", "2028-02-29T09:00:00Z")];
    expect(keptIds(things, { keepDaily: 2 }, "UTC")).toEqual(["b", "a"]);
    expect(keptIds(things, { keepDaily: 2 }, "America/Los_Angeles")).toEqual(["b"]);
    expect(keptIds(things, { keepMonthly: 2 }, "Pacific/Kiritimati")).toEqual(["b", "a"]);
  });

  it("counts the week of New Year once", () => {
    const things = [
      at("sun", "2028-01-02T12:00Z"),
      at("fri", "2027-12-31T12:00Z"),
      at("mon", "2027-12-27T12:00Z"),
    ];
    const plan = planRetention(things, { keepWeekly: 3 }, "UTC");
    expect(plan.kept).toEqual([
      { thing: things[0], reasons: [{ rule: "weekly", number: 1, period: "2027-W52" }] },
    ]);
  });

  it("never breaks a chain, and says for whom an ancestor is kept", () => {
    const chain = [
      at("full", "2028-03-01T00:00Z"),
      at("inc-1", "2028-03-02T00:00Z", "full"),
      at("inc-2", "2028-03-03T00:00Z", "inc-1"),
      at("other", "2028-03-02T12:00Z", "inc-1"),
    ];
    const plan = planRetention(chain, { keepLast: 1 }, "UTC");
    expect(plan.kept).toEqual([
      { thing: chain[2], reasons: [{ rule: "last", number: 1 }] },
      { thing: chain[1], reasons: [{ rule: "ancestor", id: "inc-2" }] },
      { thing: chain[0], reasons: [{ rule: "ancestor", id: "inc-1" }] },
    ]);
    expect(plan.removed).toEqual([chain[3]]);
  });

  it("keeps one whose parent is not there, and does not hang where chains bite their tail", () => {
    expect(keptIds([at("orphan", "2028-03-01T00:00Z", "gone")], { keepLast: 1 })).toEqual(["orphan"]);
    const loop = [at("a", "2028-03-01T00:00Z", "b"), at("b", "2028-03-02T00:00Z", "a")];
    expect(keptIds(loop, { keepLast: 1 }).toSorted()).toEqual(["a", "b"]);
    expect(planRetention([], { keepLast: 1, keepWithinDays: 3 }, "UTC")).toEqual({ kept: [], removed: [] });
  });
});

/*
 * The oracle: each rule by itself, from its words, over text that another formatter made; chains by repeated closure.
 */
function oracle(things: KeptThing[], policy: RetentionPolicy, timeZone: string): Set<string> {
  const day = (t: KeptThing) => t.madeAt.toLocaleDateString("sv-SE", { timeZone });
  const monday = (t: KeptThing) => {
    const date = new Date(`${day(t)}T00:00Z`);
    while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
    return date.toISOString().slice(0, 10);
  };
  const newestOfNewest = (group: (t: KeptThing) => string, count: number) => {
    const names = [...new Set(things.map(group))].sort().slice(count === 0 ? Infinity : -count);
    return names.map((name) => {
      const members = things.filter((t) => group(t) === name);
      return members.reduce((a, b) => (b.madeAt > a.madeAt ? b : a)).id;
    });
  };
  const kept = new Set<string>();
  const sorted = things.toSorted((a, b) => +b.madeAt - +a.madeAt);
  for (const t of sorted.slice(0, policy.keepLast ?? 0)) kept.add(t.id);
  for (const id of newestOfNewest(day, policy.keepDaily ?? 0)) kept.add(id);
  for (const id of newestOfNewest(monday, policy.keepWeekly ?? 0)) kept.add(id);
  for (const id of newestOfNewest((t) => day(t).slice(0, 7), policy.keepMonthly ?? 0)) kept.add(id);
  for (const id of newestOfNewest((t) => day(t).slice(0, 4), policy.keepYearly ?? 0)) kept.add(id);
  const days = policy.keepWithinDays ?? 0;
  if (days > 0) for (const t of things) if (+sorted[0]!.madeAt - +t.madeAt <= days * DAY_MS) kept.add(t.id);
  if (Object.values(policy).every((n) => !n)) for (const t of things) kept.add(t.id);
  for (let grown = -1; grown !== kept.size;) {
    grown = kept.size;
    for (const t of things) {
      if (kept.has(t.id) && t.parentId !== null && things.some((p) => p.id === t.parentId))
        kept.add(t.parentId);
    }
  }
  return kept;
}

const count = fc.option(fc.nat(6), { nil: undefined });
const policies = fc.record({
  keepLast: count,
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: count,
  keepWithinDays: fc.option(fc.nat(40), { nil: undefined }),
});

/** Chains as backups make them: each builds upon an earlier one, or on nothing. No two at the same moment. */
const histories = (spanMs: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: Math.floor(spanMs / 60_000) }), { maxLength: 40 })
    .chain((minutes) => {
      const sorted = minutes.toSorted((a, b) => a - b);
      return fc
        .tuple(...sorted.map((_, i) => fc.option(fc.nat(Math.max(0, i - 1)), { freq: 2 })))
        .map((parents) =>
          sorted.map((minute, i): KeptThing => {
            const parent = i === 0 ? null : (parents[i] ?? null);
            const madeAt = new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
            return { id: `b${i}`, madeAt, parentId: parent === null ? null : `b${parent}` };
          }),
        );
    });

describe("any policy over any history", () => {
  it("keeps exactly what the oracle keeps", () => {
    fc.assert(
      fc.property(
        fc.oneof(histories(3 * DAY_MS), histories(60 * DAY_MS), histories(900 * DAY_MS)),
        policies,
        fc.constantFrom(...ZONES),
        (things, policy, zone) => {
          const plan = planRetention(things, policy, zone);
          expect(new Set(plan.kept.map(({ thing }) => thing.id))).toEqual(oracle(things, policy, zone));
          expect(plan.kept.length + plan.removed.length).toBe(things.length);
          expect(plan.kept.every(({ reasons }) => reasons.length > 0)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("never keeps one without what it builds upon, though clocks jump, and removes children first", () => {
    fc.assert(
      fc.property(
        histories(60 * DAY_MS),
        fc.array(fc.integer({ min: -30 * 24, max: 30 * 24 }), { minLength: 40, maxLength: 40 }),
        policies,
        fc.constantFrom(...ZONES),
        (history, jumps, policy, zone) => {
          const things = history.map((t, i) => ({ ...t, madeAt: new Date(+t.madeAt + jumps[i]! * HOUR_MS) }));
          const { kept, removed } = planRetention(things, policy, zone);
          const keptSet = new Set(kept.map(({ thing }) => thing.id));
          for (const { thing } of kept)
            if (thing.parentId !== null) expect(keptSet.has(thing.parentId)).toBe(true);
          const gone = new Set<string>();
          for (const thing of removed) {
            expect(things.filter((t) => t.parentId === thing.id).every((t) => gone.has(t.id))).toBe(true);
            gone.add(thing.id);
          }
          if (things.length > 0) expect(kept.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("removes nothing more when it is applied again", () => {
    fc.assert(
      fc.property(histories(200 * DAY_MS), policies, fc.constantFrom(...ZONES), (things, policy, zone) => {
        const kept = planRetention(things, policy, zone).kept.map(({ thing }) => thing);
        const again = planRetention(kept, policy, zone);
        expect(again.kept.length).toBeGreaterThan(kept.length === 0 ? -1 : 0);
        const direct = (p: ReturnType<typeof planRetention>) =>
          p.kept
            .filter(({ reasons }) => reasons.some((r) => r.rule !== "ancestor"))
            .map(({ thing }) => thing.id);
        const before = direct(planRetention(things, policy, zone));
        expect(direct(again)).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps what is pinned, and counts only those whose date can be believed", () => {
    fc.assert(
      fc.property(
        histories(200 * DAY_MS),
        policies,
        fc.infiniteStream(fc.nat(3)),
        (things, policy, draws) => {
          const drawn = things.map(({ id }) => ({ id, draw: draws.next().value as number }));
          const misdated = new Set(drawn.filter(({ draw }) => draw === 1).map(({ id }) => id));
          const pinned = drawn.flatMap(({ id, draw }): Pinned[] =>
            draw > 1 ? [] : [{ id, reason: { rule: draw === 1 ? "clock" : "byHand" } }],
          );
          const { kept, removed } = planRetention(things, policy, "UTC", pinned);
          const pins = new Set(pinned.map(({ id }) => id));
          expect(removed.some(({ id }) => pins.has(id))).toBe(false);
          const counted = things.filter(({ id }) => !misdated.has(id));
          const ids = planRetention(counted, policy, "UTC").kept.map(({ thing }) => thing.id);
          expect(kept.map(({ thing }) => thing.id)).toEqual(expect.arrayContaining(ids));
        },
      ),
      { numRuns: 300 },
    );
  });
});
