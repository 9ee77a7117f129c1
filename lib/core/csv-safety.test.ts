import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutralise, restore } from "@/lib/core/csv-safety";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."'=+-@\t\r\n＝a"), maxLength: 6 }),
);

describe("formula injection", () => {
  it("is undone without a trace", () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(restore(neutralise(raw))).toBe(raw);
      }),
    );
  });

  it("leaves no text that a spreadsheet would run", () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(neutralise(raw)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
  });

  it.each(["", "hello", "'tis", "O'Brien", "a=b", "''", "1-2"])("leaves %j alone", (raw) => {
    expect(neutralise(raw)).toBe(raw);
    expect(restore(raw)).toBe(raw);
  });

  it("guards formulas, and texts that look guarded already", () => {
    expect(neutralise('=HYPERLINK("x")')).toBe(`'=HYPERLINK("x")`);
    expect(neutralise("'=1")).toBe("''=1");
  });
});
