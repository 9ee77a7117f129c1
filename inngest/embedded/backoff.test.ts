import { describe, expect, it } from "vitest";
import { backoffMs, retryAfterMs } from "./backoff";
import { momentOf } from "./duration";

const NOW = new Date("2026-01-01T00:00:00Z");

describe("backoffMs", () => {
  it("doubles from two seconds and ends at ten minutes", () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, 0))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(backoffMs(50, 0)).toBe(600_000);
  });

  it("adds a tenth at most", () => {
    expect(backoffMs(0, 1)).toBe(2_200);
    expect(backoffMs(0)).toBeLessThanOrEqual(2_200);
  });
});

describe("retryAfterMs", () => {
  it.each([
    ["3", 3_000],
    ["2026-01-01T00:00:05.000Z", 5_000],
    ["2025-12-31T00:00:00.000Z", 0],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s", (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});

describe("momentOf", () => {
  it.each([
    ["1s", 1],
    ["2h30m10s", 9_010],
    ["1w1d", 8 * 86_400],
    ["", 0],
    ["2026-01-01T00:01:00.000Z", 60],
  ])("%s", (text, seconds) => {
    expect(momentOf(text, NOW).getTime() - NOW.getTime()).toBe(seconds * 1_000);
  });

  it("refuses what is neither", () => {
    expect(() => momentOf("later", NOW)).toThrow(/neither a duration nor a date/);
  });
});
