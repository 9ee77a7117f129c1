import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainCell, valueToText } from "@/lib/core/fields/coerce";
import { compileColumn } from "@/lib/core/fields/compile";
import type { CoerceOptions } from "@/lib/core/fields/outcome";
import { FIELD_TYPES, type Field, type FieldType } from "@/lib/core/fields/types";

function field(type: FieldType, more: Partial<Field> = {}): Field {
  return { name: "cell", label: "Cell", type, required: false, ...more };
}

const FIELDS: Field[] = [
  ...FIELD_TYPES.map((type) =>
    field(type, type === "enum" ? { values: ["Open", "Fermé", "In Progress"] } : {}),
  ),
  field("text", { semantic: "country" }),
  field("date", { semantic: "openEnd" }),
  field("integer", { required: true }),
  field("text", { required: true }),
];

/** Cells as files have them: near misses of every type, and anything at all. */
const rawCell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(..."0123456789.,-+eE %$€'() "), maxLength: 22 }),
  fc.string({ unit: fc.constantFrom(..."0123456789-/.T:Z+ "), maxLength: 28 }),
  fc.string({ unit: fc.constantFrom(..."01239-"), minLength: 8, maxLength: 10 }),
  fc
    .tuple(fc.nat(9999), fc.nat(13), fc.nat(32))
    .map(([y, m, d]) => [pad(y, 4), pad(m, 2), pad(d, 2)].join("-")),
  fc.tuple(fc.nat(32), fc.nat(13), fc.nat(2100)).map((parts) => parts.join("/")),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.webUrl(),
  fc.constantFrom(
    ...[
      "open",
      "FERME",
      "in progress",
      "yes",
      "NEIN",
      "VN",
      "viet nam",
      "current",
      "-",
      "n/a",
      " x ",
      "\u0000",
      "\ud800",
    ],
    ...[
      "5 Jan 2023",
      "März 5, 2023",
      "2024年1月5日",
      "１２",
      "90 days",
      "1.234,50 €",
      "(12.5)",
      "45000",
      "45000.25",
    ],
    ...[
      "2023-02-29",
      "2024-02-29",
      "1700000000",
      "-0",
      "0.0",
      "1e400",
      "\ufeff1",
      'a"b',
      "a\\ud800",
      "\\u0000",
    ],
  ),
);

const options: fc.Arbitrary<CoerceOptions> = fc.record(
  {
    dateOrder: fc.constantFrom("dmy", "mdy", "ymd"),
    decimalComma: fc.boolean(),
    formulaGuards: fc.boolean(),
  },
  { requiredKeys: [] },
);

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0");
}

describe("the two faces of coercion", () => {
  it("encode what they explain, for every cell, type and option", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIELDS),
        options,
        fc.array(rawCell, { maxLength: 8 }),
        (f, given, cells) => {
          const column = compileColumn(f, given, { memoryEntries: 3 });
          let corrections = 0;
          for (const raw of [...cells, ...cells]) {
            const { value, correction, error } = explainCell(raw, f, given);
            if (correction) corrections++;
            expect(column.encode(raw)).toEqual(error ?? (value === undefined ? "" : JSON.stringify(value)));
          }
          expect(column.corrections).toBe(corrections);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("leave a canonical value's text as it is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), options, rawCell, (f, given, raw) => {
        const { value, error } = explainCell(raw, f, given);
        if (value === undefined || error) return;
        expect(explainCell(valueToText(value), f, {})).toEqual({ value });
      }),
      { numRuns: 2000 },
    );
  });

  it("never give PostgreSQL a character it refuses", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), fc.string({ unit: "binary" }), (f, raw) => {
        const { value } = explainCell(raw, f, {});
        expect(JSON.stringify(value ?? "")).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i);
      }),
    );
  });
});

describe("text", () => {
  it("keeps what is inside exactly and trims the ends", () => {
    expect(explainCell("Ninh  Bi\u0300nh", field("text"), {})).toEqual({ value: "Ninh  Bi\u0300nh" });
    expect(explainCell("\u00a0a b\t", field("text"), {})).toMatchObject({
      value: "a b",
      correction: { code: "trimmed" },
    });
  });

  it("removes NUL and replaces half a surrogate pair", () => {
    expect(explainCell("a\u0000b\ud83dc", field("text"), {})).toMatchObject({
      value: "ab\ufffdc",
      correction: { code: "characters-replaced" },
    });
    expect(explainCell("🚢", field("text"), {})).toEqual({ value: "🚢" });
  });

  it("is empty when only white space is there, and says so where a value is required", () => {
    expect(explainCell(" \t", field("text"), {})).toEqual({});
    expect(explainCell(" ", field("text", { required: true }), {}).error?.code).toBe("required");
    expect(explainCell("n/a", field("integer", { required: true }), {}).error?.code).toBe("required");
  });
});

describe("booleans, choices, addresses", () => {
  it.each([
    ["true", true],
    ["Yes", true],
    ["ja", true],
    ["✓", true],
    ["0", false],
    ["FAUX", false],
    ["Không", false],
  ])("%s is %s", (raw, value) => {
    expect(explainCell(raw, field("boolean"), {}).value).toBe(value);
  });

  it("refuses a word that is neither yes nor no", () => {
    expect(explainCell("maybe", field("boolean"), {}).error?.code).toBe("not-a-boolean");
  });

  it("takes a choice in any case and lists the choices otherwise", () => {
    const choice = field("enum", { values: ["Open", "Fermé"] });
    expect(explainCell("Open", choice, {})).toEqual({ value: "Open" });
    expect(explainCell("FERME", choice, {})).toMatchObject({
      value: "Fermé",
      correction: { code: "letter-case" },
    });
    expect(explainCell("shut", choice, {}).error).toEqual({
      code: "not-allowed",
      message: '"shut" is not one of "Open", "Fermé".',
    });
  });

  it("adds a missing scheme and refuses those that run code", () => {
    expect(explainCell("https://example.com/a?b=c#d", field("url"), {})).toEqual({
      value: "https://example.com/a?b=c#d",
    });
    expect(explainCell("example.com:8080/a", field("url"), {}).value).toBe("https://example.com:8080/a");
    expect(explainCell("javascript:alert(1)", field("url"), {}).error?.code).toBe("unsafe-url");
    expect(explainCell("not an address", field("url"), {}).error?.code).toBe("not-a-url");
  });
});

describe("countries", () => {
  const country = field("text", { semantic: "country" });

  it.each([
    ["VN", "Vietnam"],
    ["vnm", "Vietnam"],
    ["Viet Nam", "Vietnam"],
    ["việt nam", "Vietnam"],
    ["USA", "United States"],
    ["the United States of America", "United States"],
    ["UK", "United Kingdom"],
    ["Deutschland", "Germany"],
    ["대한민국", "South Korea"],
    ["日本", "Japan"],
    ["Mỹ", "United States"],
    ["Nga", "Russia"],
    ["NGA", "Nigeria"],
    ["Ivory Coast", "Côte d'Ivoire"],
  ])("%s is %s", (raw, value) => {
    expect(explainCell(raw, country, {})).toMatchObject({ value, correction: { code: "country-name" } });
  });

  it("keeps a text that is no country known here", () => {
    expect(explainCell("Atlantis", country, {})).toEqual({ value: "Atlantis" });
    expect(explainCell("Congo", country, {})).toEqual({ value: "Congo" });
  });
});

describe("an end that has not come", () => {
  it.each(["current", "Present", "now", "ongoing", "-", "현재"])("%s is an empty cell", (raw) => {
    const { value, correction, error } = explainCell(raw, field("date", { semantic: "openEnd" }), {});
    expect({ value, error, code: correction?.code }).toEqual({ code: "still-there" });
  });

  it("is an error in a date that is not open-ended", () => {
    expect(explainCell("current", field("date"), {}).error?.code).toBe("not-a-date");
  });
});
