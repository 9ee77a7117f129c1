import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextTick, parseCron } from "./cron";

const next = (source: string, after: string) => nextTick(parseCron(source), new Date(after))?.toISOString();

describe("nextTick", () => {
  it.each([
    ["* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:01:00.000Z"],
    ["* * * * *", "2026-03-01T10:00:59.999Z", "2026-03-01T10:01:00.000Z"],
    ["*/15 * * * *", "2026-03-01T10:46:00Z", "2026-03-01T11:00:00.000Z"],
    ["5,35 8-10 * * *", "2026-03-01T10:35:00Z", "2026-03-02T08:05:00.000Z"],
    ["0 0 1 jan *", "2026-03-01T10:35:00Z", "2027-01-01T00:00:00.000Z"],
    ["0 9 * * mon-fri", "2026-11-20T09:00:00Z", "2026-11-23T09:00:00.000Z"],
    ["0 9 * * 7", "2026-11-20T09:00:00Z", "2026-11-22T09:00:00.000Z"],
    ["30 6 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T06:30:00.000Z"],
    ["@daily", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00.000Z"],
    ["10/20 0 * * *", "2026-01-01T00:11:00Z", "2026-01-01T00:30:00.000Z"],
  ])("%s after %s", (source, after, expected) => {
    expect(next(source, after)).toBe(expected);
  });

  it("takes either day when both day fields are restricted", () => {
    expect(next("0 0 13 * fri", "2026-11-09T00:00:00Z")).toBe("2026-11-13T00:00:00.000Z");
    expect(next("0 0 15 * fri", "2026-11-13T00:00:00Z")).toBe("2026-11-15T00:00:00.000Z");
  });

  it("counts in the time zone, over both changes of the clock", () => {
    expect(next("TZ=Europe/Vienna 0 9 * * *", "2026-07-01T00:00:00Z")).toBe("2026-07-01T07:00:00.000Z");
    expect(next("TZ=Europe/Vienna 0 9 * * *", "2026-12-01T00:00:00Z")).toBe("2026-12-01T08:00:00.000Z");
    // 2:30 does not exist on 29 March 2026, and comes twice on 25 October.
    expect(next("TZ=Europe/Vienna 30 2 * * *", "2026-03-28T12:00:00Z")).toBe("2026-03-30T00:30:00.000Z");
    expect(next("TZ=Europe/Vienna 30 2 * * *", "2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
    expect(next("TZ=Europe/Vienna 30 2 * * *", "2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
    expect(next("TZ=Asia/Kolkata 0 0 * * *", "2026-01-01T00:00:00Z")).toBe("2026-01-01T18:30:00.000Z");
  });

  it("knows when there is no such day", () => {
    expect(next("0 0 31 2 *", "2026-01-01T00:00:00Z")).toBeUndefined();
  });

  it("always goes forward, to a whole minute that the schedule names", () => {
    const field = (low: number, high: number) =>
      fc.oneof(fc.constant("*"), fc.integer({ min: low, max: high }).map(String));
    fc.assert(
      fc.property(
        field(0, 59),
        field(0, 23),
        field(0, 6),
        fc.integer({ min: 0, max: 4e12 }),
        (minute, hour, day, ms) => {
          const after = new Date(ms);
          const tick = nextTick(parseCron(`${minute} ${hour} * * ${day}`), after)!;
          expect(tick.getTime()).toBeGreaterThan(ms);
          expect(tick.getTime() % 60_000).toBe(0);
          if (minute !== "*") expect(tick.getUTCMinutes()).toBe(Number(minute));
          if (hour !== "*") expect(tick.getUTCHours()).toBe(Number(hour));
          if (day !== "*") expect(tick.getUTCDay()).toBe(Number(day));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("parseCron", () => {
  it.each([
    ["* * * *", /4 fields/],
    ["0 0 0 0 * *", /6 fields/],
    ["60 * * * *", /minute/],
    ["* 24 * * *", /hour/],
    ["* * 0 * *", /day of month/],
    ["* * * 13 *", /month/],
    ["* * * * foo", /day of week/],
    ["5-1 * * * *", /minute/],
    ["*/0 * * * *", /step/],
    ["TZ=Middle/Earth * * * * *", /time zone/],
  ])("refuses %s", (source, message) => {
    expect(() => parseCron(source)).toThrow(message);
  });
});
