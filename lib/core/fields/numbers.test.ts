import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal, parseInteger, plainNumber } from "@/lib/core/fields/numbers";

describe("whole numbers", () => {
  it.each([
    ["1,234", 1234],
    ["1 234", 1234],
    ["1\u202f234", 1234],
    ["1'234", 1234],
    ["12.0", 12],
    ["１２３", 123],
    ["+7", 7],
    ["007", 7],
    ["−5", -5],
    ["(5)", -5],
    ["5-", -5],
    ["1e3", 1000],
    ["90 days", 90],
    ["90일", 90],
    ["-0", 0],
    ["12,34,567", 1234567],
  ])("%s is corrected to %d", (text, value) => {
    expect(parseInteger(text)).toMatchObject({
      value,
      correction: { message: expect.any(String) as string },
    });
  });

  it("keeps more digits than a double holds", () => {
    expect(parseInteger("12345678901234567890")).toEqual({ value: "12345678901234567890" });
    expect(parseInteger("9007199254740991")).toEqual({ value: 9007199254740991 });
    expect(parseInteger("9007199254740993")).toEqual({ value: "9007199254740993" });
  });

  it("reads a point between thousands only where the comma is the decimal sign", () => {
    expect(parseInteger("1.234", true).value).toBe(1234);
    expect(parseInteger("1.234").error?.code).toBe("not-whole");
    expect(parseInteger("1.234.567").value).toBe(1234567);
  });

  it.each(["abc", "1,23", "12-5", "1 2", "2 weeks", "5k", "3 million", "1,2345", "--1", "0x1F", "", "."])(
    "refuses %j",
    (text) => {
      const { value, error } = parseInteger(text);
      expect(value).toBeUndefined();
      expect(["not-a-number", "not-whole"]).toContain(error?.code);
    },
  );
});

describe("decimals", () => {
  it.each([
    ["12.5", 12.5],
    ["12.50", 12.5],
    ["1e-7", 1e-7],
    ["0.0000001", 1e-7],
    ["1E+21", 1e21],
  ])("%s is plainly %d", (text, value) => {
    expect(parseDecimal(text)).toEqual({ value });
  });

  it.each([
    ["1.234,56", undefined, 1234.56],
    ["1,234.56", undefined, 1234.56],
    ["12,5", undefined, 12.5],
    ["1,234", undefined, 1234],
    ["1,234", true, 1.234],
    ["1.234", true, 1234],
    ["12.5", true, 12.5],
    ["$1,200.50", undefined, 1200.5],
    ["-$5", undefined, -5],
    ["$ -5", undefined, -5],
    ["USD 1,200", undefined, 1200],
    ["1 234,50 €", undefined, 1234.5],
    ["12%", undefined, 12],
    ["12 ％", undefined, 12],
    ["(1,200.50)", undefined, -1200.5],
    [".5", undefined, 0.5],
  ])("%s (decimal comma: %s) is corrected to %d", (text, decimalComma, value) => {
    expect(parseDecimal(text, decimalComma)).toMatchObject({
      value,
      correction: { message: expect.any(String) as string },
    });
  });

  it("keeps digits that a double would lose", () => {
    expect(parseDecimal("0.12345678901234567890")).toEqual({ value: "0.1234567890123456789" });
    expect(parseDecimal("1e400").value).toBe(`1${"0".repeat(400)}`);
    expect(parseDecimal("1e9999").error?.code).toBe("number-too-long");
    expect(parseDecimal("9".repeat(5000)).error?.code).toBe("number-too-long");
  });

  it("reads back every double from its plain text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseDecimal(plainNumber(number))).toEqual({ value: number === 0 ? 0 : number });
      }),
    );
  });
});
