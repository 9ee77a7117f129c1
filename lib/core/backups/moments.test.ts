import fc from "fast-check";
import { expect, it } from "vitest";
import { isMoment, PLAIN_MOMENT } from "./moments";

const date = fc.date({
  min: new Date("0001-01-01"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const two = (min: number, max: number) => fc.integer({ min, max }).map((n) => String(n).padStart(2, "0"));
/** As PostgreSQL writes a moment, but for whether there is such a day or time. */
const shaped = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), two(0, 13), two(0, 32), two(0, 23), two(0, 59), two(0, 59))
  .map(([y, mo, d, h, mi, s]) => `${String(y).padStart(4, "0")}-${mo}-${d}T${h}:${mi}:${s}.000Z`);

it("tells every moment of the calendar at once, the last days of months included, but for leap days", () => {
  fc.assert(
    fc.property(date, fc.nat(999), (day, micros) => {
      const text = day.toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
      expect(isMoment(text)).toBe(true);
      expect(PLAIN_MOMENT.test(text)).toBe(!text.slice(5).startsWith("02-29"));
    }),
    { numRuns: 2_000 },
  );
  for (const month of ["01", "03", "05", "07", "08", "10", "12"]) {
    expect(PLAIN_MOMENT.test(`2024-${month}-31T23:59:59.999999Z`)).toBe(true);
  }
});

it("says of a text in that form what a clock says that gives back what it was given", () => {
  fc.assert(
    fc.property(shaped, (text) => {
      const time = Date.parse(text);
      const isReal = !Number.isNaN(time) && new Date(time).toISOString() === text;
      expect(isMoment(text), text).toBe(isReal);
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  ["2024-02-29T00:00:00Z", true],
  ["2023-02-29T00:00:00Z", false],
  ["2023-04-31T00:00:00Z", false],
  ["2023-04-31", false],
  ["0000-01-01T00:00:00Z", false],
  ["2024-01-01T25:00:00Z", false],
  ["2024-03-31T12:00:00+02:00", true],
  ["yesterday", false],
  ["", false],
  [null, false],
  [1_700_000_000, false],
])("%j: %s", (value, expected) => {
  expect(isMoment(value)).toBe(expected);
});
