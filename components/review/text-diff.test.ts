import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffText, shortened, type TextPart } from "./text-diff";

const shown = (parts: readonly TextPart[]) =>
  parts.map((part) => (part.changed ? `[${part.text}]` : part.text)).join("");
const whole = (parts: readonly TextPart[]) => parts.map((part) => part.text).join("");
const unmarked = (parts: readonly TextPart[]) =>
  parts
    .filter((part) => !part.changed)
    .map((part) => part.text)
    .join("");

describe("diffText", () => {
  it.each([
    ["cherry blossom", "cherry blossom", "cherry blossom", "cherry blossom"],
    ["late cherry blossom", "early cherry blossom", "[late] cherry blossom", "[early] cherry blossom"],
    ["2024-03-18", "2024-03-21", "2024-03-[18]", "2024-03-[21]"],
    ["the colour of it", "the color of it", "the colo[u]r of it", "the color of it"],
    ["", "new", "", "[new]"],
    ["with Ada, Grace", "with Ada, Alan, Grace", "with Ada, Grace", "with Ada, [Alan, ]Grace"],
    ["90", "30", "[90]", "[30]"],
    ["Zu\u0308rich", "Zurich", "Z[u\u0308]rich", "Z[u]rich"],
    ["東京都", "東京府", "東京[都]", "東京[府]"],
  ])("marks %j against %j", (before, after, markedBefore, markedAfter) => {
    const diff = diffText(before, after);
    expect([shown(diff.before), shown(diff.after)]).toEqual([markedBefore, markedAfter]);
  });

  it("loses nothing, and what it leaves unmarked is the same on both sides", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.array(fc.constantFrom("a", "bee", " ", ", ", "sea", "ü"), { maxLength: 40 }).map((w) => w.join("")),
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffText(before, after);
        expect(whole(diff.before)).toBe(before);
        expect(whole(diff.after)).toBe(after);
        expect(unmarked(diff.before)).toBe(unmarked(diff.after));
        if (before === after) expect(unmarked(diff.before)).toBe(before);
      }),
    );
  });

  it("marks very long texts between what they begin and end with", () => {
    const long = "word ".repeat(6_000);
    const diff = diffText(`${long}one ${long}`, `${long}two ${long}`);
    expect(diff.before.filter((part) => part.changed)).toEqual([{ text: "one", changed: true }]);
    expect(diff.after.filter((part) => part.changed)).toEqual([{ text: "two", changed: true }]);
  });
});

describe("shortened", () => {
  it("keeps the marks and the words around them", () => {
    const filler = "word ".repeat(100);
    const { before } = diffText(`${filler}one ${filler}`, `${filler}two ${filler}`);
    const short = shown(shortened(before));
    expect(short).toMatch(/^… (word )+\[one\] (word )+…$/);
    expect(short.length).toBeLessThan(140);
  });

  it.each(["short and unmarked", "x".repeat(500)])("leaves a text without marks as it is", (text) => {
    expect(whole(shortened(diffText(text, text).before))).toBe(text);
  });

  it("leaves out nothing but unmarked words", () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60 }), fc.lorem({ maxCount: 60 }), (a, b) => {
        const { before } = diffText(a, b);
        const marks = (parts: readonly TextPart[]) => parts.filter((part) => part.changed);
        expect(marks(shortened(before))).toEqual(marks(before));
      }),
      { numRuns: 50 },
    );
  });
});
