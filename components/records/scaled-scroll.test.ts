import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeAfterScroll, placeOf, scrollFrame } from "./scaled-scroll";

const ROW = 40;
const million = scrollFrame(1_000_000, ROW, 600);

describe("scaled scrolling", () => {
  it("leaves short lists alone", () => {
    const frame = scrollFrame(1_000, ROW, 600);
    expect(placeAfterScroll(frame, { top: 0, base: 0 }, 5_000)).toEqual({ top: 5_000, base: 0 });
  });

  it("moves by what was scrolled in the middle of a million rows", () => {
    const before = placeOf(million, 20_000_000);
    const after = placeAfterScroll(million, before, before.top + 120);
    expect(after.top + after.base).toBe(20_000_120);
  });

  it("reaches the very last row by the scroll bar", () => {
    const bottom = million.height - million.viewport;
    const after = placeAfterScroll(million, { top: 0, base: 0 }, bottom);
    expect(after.top + after.base).toBe(million.trueHeight - million.viewport);
  });

  it("puts every offset at a place that shows just that offset", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: million.trueHeight - million.viewport }), (offset) => {
        const { top, base } = placeOf(million, offset);
        expect(top + base).toBe(offset);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top).toBeLessThanOrEqual(million.height - million.viewport);
      }),
    );
  });

  it("never leaves the rows, however one scrolls", () => {
    const bottom = million.height - million.viewport;
    const steps = fc.array(
      fc.oneof(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -bottom, max: bottom })),
    );
    fc.assert(
      fc.property(steps, (moves) => {
        let place = placeOf(million, 0);
        for (const move of moves) {
          const top = Math.min(bottom, Math.max(0, place.top + move));
          place = placeAfterScroll(million, place, top);
          expect(place.top + place.base).toBeGreaterThanOrEqual(0);
          expect(place.top + place.base).toBeLessThanOrEqual(million.trueHeight - million.viewport);
        }
      }),
    );
  });
});
