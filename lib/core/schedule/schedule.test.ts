import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitterMs, latestDue, nextDue, type Schedule } from "@/lib/core/schedule/schedule";
import { isTimeZone } from "@/lib/core/schedule/zoned-time";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = 15 * 60_000;
/** 400 days with a leap day and, north and south, both changes of the clock. */
const FROM_MS = Date.UTC(2027, 9, 1);
const TO_MS = FROM_MS + 400 * DAY_MS;

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  // Changed at midnight, so that 00:00 does not exist or 23:00 comes twice.
  "America/Santiago",
  "Africa/Cairo",
  // Changed by half an hour; and by an hour back in the middle of the year.
  "Australia/Lord_Howe",
  "Africa/Casablanca",
];

/** What the wall shows, as text that sorts: an own way to it, apart from the code's. */
function walls(timeZone: string): { atMs: number; wall: string }[] {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const all = [];
  for (let atMs = FROM_MS - 3 * DAY_MS; atMs < TO_MS + 40 * DAY_MS; atMs += STEP_MS) {
    all.push({ atMs, wall: format.format(atMs) });
  }
  return all;
}

function allDue(schedule: Schedule): number[] {
  const due: number[] = [];
  for (let at = nextDue(schedule, FROM_MS); at <= TO_MS; at = nextDue(schedule, at)) due.push(at);
  return due;
}

/** For each date, the first moment at which the wall shows its time or a later one. */
function oracle(shown: ReturnType<typeof walls>, dates: string[], time: string): number[] {
  const due: number[] = [];
  let i = 0;
  for (const date of dates) {
    const wanted = `${date} ${time}`;
    while (i < shown.length && shown[i]!.wall < wanted) i++;
    if (i < shown.length) due.push(shown[i]!.atMs);
    // A clock set back shows earlier dates again; the search never goes back.
  }
  return due.filter((at) => at > FROM_MS && at <= TO_MS);
}

function datesAround(keep: (date: Date) => boolean): string[] {
  const dates: string[] = [];
  for (let at = FROM_MS - 2 * DAY_MS; at < TO_MS + 2 * DAY_MS; at += DAY_MS) {
    if (keep(new Date(at))) dates.push(new Date(at).toISOString().slice(0, 10));
  }
  return dates;
}

describe.each(ZONES)("due moments of 400 days in %s", (timeZone) => {
  const shown = walls(timeZone);

  it.each(["00:00", "02:00", "02:30", "03:00", "12:15", "23:30"])(
    "daily at %s: one for each date",
    (time) => {
      const due = allDue({ frequency: "daily", time, timeZone });
      expect(due).toEqual(
        oracle(
          shown,
          datesAround(() => true),
          time,
        ),
      );
      expect(due.length).toBeGreaterThanOrEqual(399);
      expect(due.length).toBeLessThanOrEqual(401);
    },
  );

  it("weekly: every Sunday, when clocks are changed", () => {
    const schedule: Schedule = { frequency: "weekly", time: "02:30", timeZone, weekday: 7 };
    expect(allDue(schedule)).toEqual(
      oracle(
        shown,
        datesAround((d) => d.getUTCDay() === 0),
        "02:30",
      ),
    );
  });

  it("monthly on the 31st: the last day of shorter months, leap day included", () => {
    const schedule: Schedule = { frequency: "monthly", time: "02:30", timeZone, dayOfMonth: 31 };
    const isLast = (d: Date) => new Date(d.getTime() + DAY_MS).getUTCDate() === 1;
    const dates = datesAround(isLast);
    expect(dates).toContain("2028-02-29");
    expect(allDue(schedule)).toEqual(oracle(shown, dates, "02:30"));
  });

  it("hourly: whenever the wall shows the minute", () => {
    const due = allDue({ frequency: "hourly", time: "07:45", timeZone });
    const wanted = shown.filter(({ atMs, wall }) => atMs > FROM_MS && atMs <= TO_MS && wall.endsWith(":45"));
    expect(due).toEqual(wanted.map(({ atMs }) => atMs));
  });
});

describe("a schedule", () => {
  const berlin = (time: string): Schedule => ({ frequency: "daily", time, timeZone: "Europe/Berlin" });
  const utc = (text: string) => Date.parse(text);

  it("is due at the first moment after a gap", () => {
    expect(nextDue(berlin("02:30"), utc("2028-03-25T12:00Z"))).toBe(utc("2028-03-26T01:00Z"));
  });

  it("is due once, the first time, where an hour comes twice", () => {
    const first = nextDue(berlin("02:30"), utc("2028-10-28T12:00Z"));
    expect(first).toBe(utc("2028-10-29T00:30Z"));
    expect(nextDue(berlin("02:30"), first)).toBe(utc("2028-10-30T01:30Z"));
  });

  it("knows a day that a place never had", () => {
    const apia: Schedule = { frequency: "daily", time: "10:00", timeZone: "Pacific/Apia" };
    // 30 December 2011 was left out: its run is due when the 31st begins.
    const before = utc("2011-12-29T20:00Z");
    expect(nextDue(apia, before)).toBe(utc("2011-12-30T10:00Z"));
    expect(nextDue(apia, utc("2011-12-30T10:00Z"))).toBe(utc("2011-12-30T20:00Z"));
  });

  it("catches up once with whatever was missed", () => {
    const daily = berlin("03:00");
    const last = utc("2028-01-01T02:00Z");
    expect(latestDue(daily, last, utc("2028-01-01T12:00Z"))).toBeUndefined();
    expect(latestDue(daily, last, utc("2028-01-02T02:00Z"))).toBe(utc("2028-01-02T02:00Z"));
    const late = latestDue(daily, last, utc("2028-06-15T09:00Z"));
    expect(late).toBe(utc("2028-06-15T01:00Z"));
    expect(latestDue(daily, late!, utc("2028-06-15T09:01Z"))).toBeUndefined();
    // The clock was set back by a year.
    expect(latestDue(daily, late!, utc("2027-06-15T09:00Z"))).toBeUndefined();
  });

  it("always is due after, never at, the moment given, and latest agrees with next", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom("hourly" as const, "daily" as const, "weekly" as const, "monthly" as const),
        fc.integer({ min: FROM_MS, max: TO_MS }),
        fc.nat(23),
        fc.nat(59),
        (timeZone, frequency, atMs, hour, minute) => {
          const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
          const schedule = { frequency, time, timeZone };
          const due = nextDue(schedule, atMs);
          expect(due).toBeGreaterThan(atMs);
          expect(nextDue(schedule, due - 1)).toBe(due);
          expect(latestDue(schedule, atMs, due)).toBe(due);
          expect(latestDue(schedule, atMs, due - 1)).toBeUndefined();
        },
      ),
      { numRuns: 400 },
    );
  });

  it("simulated by the hour, fires once for each date though the process sleeps for days", () => {
    const schedule = berlin("02:30");
    let handled = FROM_MS;
    const runs: number[] = [];
    const isAsleep = (ms: number) => ms > FROM_MS + 50.5 * DAY_MS && ms < FROM_MS + 57.5 * DAY_MS;
    for (let now = FROM_MS; now <= TO_MS; now += HOUR_MS) {
      if (isAsleep(now)) continue;
      const due = latestDue(schedule, handled, now);
      if (due === undefined) continue;
      runs.push(due);
      handled = due;
    }
    // Of the seven missed during the sleep the last one is caught up with.
    const missed = allDue(schedule).filter(isAsleep);
    expect(missed).toHaveLength(7);
    expect(runs).toEqual(allDue(schedule).filter((due) => !isAsleep(due) || due === missed.at(-1)));
  });

  it("refuses a time that is none, and knows which zones there are", () => {
    expect(() => nextDue(berlin("24:00"), 0)).toThrow(RangeError);
    expect(() => nextDue({ ...berlin("02:00"), timeZone: "Mars/Olympus" }, 0)).toThrow(RangeError);
    expect(isTimeZone("Asia/Seoul")).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
  });
});

it("spreads users evenly over the time there is, each always at the same place", () => {
  const places = Array.from({ length: 10_000 }, (_, i) => jitterMs(`0193-user-${i}`, 1_000));
  for (let tenth = 0; tenth < 10; tenth++) {
    const here = places.filter((ms) => Math.floor(ms / 100) === tenth).length;
    expect(here).toBeGreaterThan(850);
    expect(here).toBeLessThan(1_150);
  }
  expect(jitterMs("one", 1_000)).toBe(jitterMs("one", 1_000));
  expect(jitterMs("one", 0)).toBe(0);
});
