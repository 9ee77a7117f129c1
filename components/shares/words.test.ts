import { describe, expect, it } from "vitest";
import type { Share } from "@/lib/contracts/shares";
import { durationChoices, formatWords, shareSummary, usualDuration } from "./words";

const NOW = new Date("2026-03-01T00:00:00Z").getTime();
const inHours = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const hoursOf = (left: number) => durationChoices(inHours(left), NOW).map(({ hours }) => hours);

describe("how long a link may last", () => {
  it("is shorter than the file is kept, or as long", () => {
    expect(hoursOf(0.2)).toEqual([1]);
    expect(hoursOf(30.5)).toEqual([1, 24, 31]);
    expect(hoursOf(168)).toEqual([1, 24, 72, 168]);
    expect(hoursOf(24 * 365)).toEqual([1, 24, 72, 168, 720, 2160]);
  });

  it("is usually a week, or what is left of it", () => {
    expect(usualDuration(durationChoices(inHours(24 * 365), NOW))).toBe(168);
    expect(usualDuration(durationChoices(inHours(168), NOW))).toBe(168);
    expect(usualDuration(durationChoices(inHours(30.5), NOW))).toBe(31);
  });
});

const share: Share = {
  id: "1",
  exportId: "2",
  state: "open",
  hasPassword: false,
  downloadsMax: null,
  downloadCount: 1,
  openCount: 2,
  createdAt: inHours(-5),
  expiresAt: inHours(5),
  lastAccessAt: null,
  revokedAt: null,
};

it("a link in one line says how it was used, how it is guarded, and when it ends", () => {
  expect(shareSummary(share, NOW)).toMatch(
    /^1 download · opened 2 times · without a password · never used · until /,
  );
  const used = { ...share, downloadsMax: 3, hasPassword: true, lastAccessAt: inHours(-2) };
  expect(shareSummary(used, NOW)).toMatch(/^1 of 3 downloads · .* · with a password · last used 2 hours ago/);
  expect(shareSummary({ ...share, state: "expired" }, NOW)).toMatch(/ · ended /);
  expect(shareSummary({ ...share, state: "revoked", revokedAt: inHours(-1) }, NOW)).toMatch(/ · revoked /);
});

it("names the format of a file", () => {
  expect(formatWords("csv", "a.csv")).toBe("CSV");
  expect(formatWords("csv", "a.zip")).toBe("CSV, compressed");
  expect(formatWords("ndjson", "a.ndjson.gz")).toBe("NDJSON, compressed");
  expect(formatWords("xlsx", "a.xlsx")).toBe("Excel workbook");
});
