import { expect, it } from "vitest";
import { daysOfDuration } from "@/lib/core/retention/duration";

it.each<[number | string, number | undefined]>([
  [0, 0],
  [30, 30],
  ["P90D", 90],
  ["P12W", 84],
  ["P1Y6M2D", 547],
  ["P", undefined],
  ["PT5H", undefined],
  ["P1D2W", undefined],
  ["90", undefined],
  [-1, undefined],
  [1.5, undefined],
])("reads %j as %s days", (duration, days) => {
  expect(daysOfDuration(duration)).toBe(days);
});
