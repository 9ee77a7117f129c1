import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainCell } from "@/lib/core/fields/coerce";
import type { Field } from "@/lib/core/fields/types";
import { compileRowEncoder, type RowEncoder, type RowOptions } from "@/lib/core/mapping/row-encoder";
import { TRIPS } from "@/lib/core/templates/trips";

const NOTES: Field = { name: "notes", label: "Notes", type: "text", required: false };
const DAYS: Field = { name: "days", label: "Days", type: "integer", required: false };
const WHEN: Field = { name: "when", label: "When", type: "date", required: false };

function encoderOf(
  fields: Field[],
  options: RowOptions = {},
  columnIndexes = fields.map((_, i) => i),
): RowEncoder {
  return compileRowEncoder({ fields, columnIndexes, columnCount: fields.length, options });
}

describe("encoding rows", () => {
  it("writes canonical values and leaves empty cells out", () => {
    const encoder = encoderOf(TRIPS.fields);
    const json = encoder.encode(["VN", "2023-01-12", "current", "E-visa", "30 days", "", 'a "b"\n c']);
    expect(JSON.parse(json ?? "")).toEqual({
      country: "Vietnam",
      entryDate: "2023-01-12",
      visaType: "E-visa",
      maxDays: 30,
      notes: 'a "b"\n c',
    });
    expect(encoder.corrections()).toEqual({ country: 1, exitDate: 1, maxDays: 1 });
  });

  it("says of every bad cell which it is and why, and goes on", () => {
    const encoder = encoderOf(TRIPS.fields);
    expect(encoder.encode(["", "2023-02-30", "", "E-visa", "", "", "x".repeat(300)])).toBeNull();
    expect(encoder.issues).toEqual([
      { field: "country", value: "", code: "required", message: "Country is required." },
      {
        field: "entryDate",
        value: "2023-02-30",
        code: "impossible-date",
        message: '"2023-02-30" does not exist: February 2023 has 28 days.',
      },
    ]);
    expect(encoder.encode(["Japan", "2023-02-28", "", "E-visa"])).not.toBeNull();
    expect(encoder.issues).toEqual([]);
  });

  it("clips the value it shows to 200 characters that PostgreSQL accepts", () => {
    const encoder = encoderOf([DAYS]);
    encoder.encode([`${"x".repeat(198)}\u0000🚢🚢`]);
    expect(encoder.issues[0]?.value).toBe(`${"x".repeat(198)}\ufffd`);
  });

  it("takes short rows as rows with empty cells and counts long ones", () => {
    const encoder = encoderOf([NOTES, DAYS]);
    expect(encoder.encode(["a"])).toBe('{"notes":"a"}');
    expect(encoder.encode(["", "5"])).toBe('{"days":5}');
    expect(encoder.encode(["a", "5", "extra"])).toBe('{"notes":"a","days":5}');
    expect(encoder.encode(["a", "5", " ", ""])).toBe('{"notes":"a","days":5}');
    expect(encoder.rowsWithExtraCells).toBe(1);
  });

  it("passes over rows that hold nothing, required fields or not", () => {
    const encoder = encoderOf(TRIPS.fields);
    expect(encoder.encode([])).toBeUndefined();
    expect(encoder.encode(["", " ", "\t", ""])).toBeUndefined();
    expect(encoder.issues).toEqual([]);
    expect(encoder.encode(["", "", "", "", "", "", "", "somewhere else"])).toBeNull();
  });

  it("reads each column in its own date order", () => {
    const other: Field = { ...WHEN, name: "other" };
    const encoder = encoderOf([WHEN, other], { dateOrder: "dmy", dateOrders: { other: "mdy" } });
    expect(encoder.encode(["03/04/2023", "03/04/2023"])).toBe('{"when":"2023-04-03","other":"2023-03-04"}');
  });

  it("makes what the cells explain, for any row", () => {
    const fields = [NOTES, DAYS, WHEN, ...TRIPS.fields.slice(0, 3).map((f) => ({ ...f, required: false }))];
    const cell = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("", "5", "VN", "2023-01-02", "x", "1,234", "now", '"'),
    );
    const indexes = fc.array(fc.integer({ min: -1, max: 7 }), {
      minLength: fields.length,
      maxLength: fields.length,
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 8 }), indexes, (row, columnIndexes) => {
        const encoder = encoderOf(fields, {}, columnIndexes);
        const outcomes = fields.map((field, i) => explainCell(row[columnIndexes[i] ?? -1] ?? "", field, {}));
        const json = encoder.encode(row);
        expect(encoder.issues.map(({ code }) => code)).toEqual(
          outcomes.flatMap(({ error }) => error?.code ?? []),
        );
        const values = outcomes.flatMap(({ value }, i) =>
          value === undefined ? [] : [[fields[i]?.name, value]],
        );
        if (encoder.issues.length > 0) expect(json).toBeNull();
        else if (values.length === 0) expect(json).toBeUndefined();
        else expect(JSON.parse(json ?? "")).toEqual(Object.fromEntries(values));
      }),
      { numRuns: 1000 },
    );
  });
});
