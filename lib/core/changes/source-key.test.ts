import { describe, expect, it } from "vitest";
import { sourceKeyOf } from "./source-key";

describe("sourceKeyOf", () => {
  it.each([
    ["Trips.csv", "trips"],
    ["trips (1).csv", "trips"],
    ["Trips - Copy.xlsx", "trips"],
    ["trips-2026-11-22.csv", "trips"],
    ["trips 20261122T1530.csv", "trips"],
    ["Trips 22.11.2026 (2).xlsx", "trips"],
    ["strikes-2025.csv", "strikes"],
    ["Strikes 2026-03 (1).csv", "strikes"],
    ["strikes_03.2026.csv", "strikes"],
    ["trips of 1066.csv", "trips of 1066"],
    ["trips2025.csv", "trips2025"],
    ["2025.csv", "2025"],
    ["trips old.csv", "trips old"],
    ["trips-v2.csv", "trips-v2"],
    ["2026-11-22.csv", "2026-11-22.csv"],
    ["東京 旅行.csv", "東京 旅行"],
  ])("%s is a delivery of %s", (name, key) => {
    expect(sourceKeyOf(name)).toBe(key);
  });
});
