import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { dayOfNumber, formatDay } from "@/lib/core/fields/calendar";
import type { RecordData } from "@/lib/core/fields/types";
import { foldForMatch } from "@/lib/core/matching/fold";
import { scoreMatch } from "@/lib/core/matching/score";
import type { Comparator, MatchField, MatchRule } from "@/lib/core/matching/types";
import { clashConfidence } from "./clash-confidence";
import { inStages } from "./compared-fields";
import { comparable, scoreExpressions } from "./match-score";

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { poolSize: 2 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** U+A7F1 decomposes since Unicode 17 only: Node.js and PostgreSQL may be of different years. */
const storable = (text: string) => !/[\0\ua7f1\p{Cs}\p{Cn}]/u.test(text);

const words = fc.constantFrom(
  ...["Đà Nẵng", "đà nẵng", "Da Nang", "ΟΔΟΣ", "οδος", "Москва", "МОСКВА", "İstanbul", "istanbul", "Straße"],
  ...["STRASSE", "ﬁne", "fine", "Ｔｏｋｙｏ", "국가", "국가", "パリ", "ﾊﾟﾘ", "a", "e\u0301\u0302", "\u0301"],
);
const text = fc.oneof(
  words,
  fc.string({ unit: "binary", maxLength: 40 }).filter(storable),
  fc.string({ unit: "grapheme", maxLength: 40 }).filter(storable),
  fc.string({ unit: fc.constantFrom("a", "B", "é", "Đ", "Я", "🙂", "𐐀"), minLength: 250, maxLength: 260 }),
);
const day = fc.integer({ min: 0, max: 3_652_058 }).map((n) => formatDay(dayOfNumber(n)));
const nearDay = fc.integer({ min: 738_000, max: 738_400 }).map((n) => formatDay(dayOfNumber(n)));
const moment = fc.tuple(nearDay, fc.nat(23)).map(([d, h]) => `${d}T${String(h).padStart(2, "0")}:00:00Z`);
const digits = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.stringMatching(/^-?[0-9]{1,25}\.[0-9]{1,25}$/),
);
const number = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -20, max: 20 }).map((n) => n / 10),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(1e21, 1e-7, 5e-324, Number.MAX_VALUE, 0.1, 0.3, 2 ** 53),
);
const value = fc.oneof(text, day, moment, digits, number, fc.boolean(), fc.constant(""), nearDay);

/** Two values that are often alike, and sometimes empty or of another kind. */
function pairs<T>(usual: fc.Arbitrary<T>) {
  const one = fc.option(fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: value }), {
    nil: undefined,
    freq: 8,
  });
  return fc.oneof(
    fc.tuple(one, one),
    one.map((v) => [v, v] as const),
    one.map((v) => [v, typeof v === "string" ? v.toUpperCase() : v] as const),
    one.map((v) => [v, typeof v === "string" ? `x${v}` : v] as const),
  );
}

const of = (v: unknown): RecordData =>
  JSON.parse(JSON.stringify(v === undefined ? {} : { "it's": v })) as RecordData;

async function bothWays(rule: MatchRule, rows: (readonly [RecordData, RecordData])[]) {
  const { score, confidence } = scoreExpressions(
    rule.fields,
    (n) => `a${n}`,
    (n) => `b${n}`,
  );
  const columns = rule.fields.flatMap((f, n) => [
    `${comparable(f, "x::jsonb")} as a${n}`,
    `${comparable(f, "y::jsonb")} as b${n}`,
  ]);
  const expected = rows.map(([a, b]) => scoreMatch(rule, a, b));
  const stated = await db.sql.unsafe<{ score: number; confidence: number }[]>(
    `select ${score} as score, ${confidence} as confidence
     from (select n, ${columns.join(", ")} from unnest($1::text[], $2::text[]) with ordinality u(x, y, n) offset 0) c
     order by n`,
    [rows.map(([a]) => JSON.stringify(a)), rows.map(([, b]) => JSON.stringify(b))],
  );
  const clashing = clashConfidence(rule.fields, "x", "y");
  const sure = await db.sql.unsafe<{ confidence: number }[]>(
    inStages(
      `select n, x::jsonb as x, y::jsonb as y from unnest($1::text[], $2::text[]) with ordinality u(x, y, n)`,
      `select *, ${clashing.texts("true").join(", ")}`,
      `select *, ${clashing.comparables.join(", ")}`,
      `select n, ${clashing.confidence} as confidence`,
      "select confidence",
    ) + " order by n",
    [rows.map(([a]) => JSON.stringify(a)), rows.map(([, b]) => JSON.stringify(b))],
  );
  for (const [i, row] of rows.entries()) {
    const { score, confidence } = expected[i]!;
    expect({ ...stated[i] }, JSON.stringify(row)).toEqual({ score, confidence });
    expect(sure[i]!.confidence, JSON.stringify(row)).toBe(confidence);
  }
}

const single = (comparator: Comparator): MatchRule => ({
  fields: [{ field: "it's", comparator, weight: 1000, confidenceWeight: 0, required: false }],
  threshold: 0,
  suggest: { skipFrom: 900, askFrom: 700 },
});

const CASES: [Comparator, fc.Arbitrary<unknown>][] = [
  [{ kind: "exact" }, value],
  [{ kind: "folded" }, fc.oneof(text, value)],
  [{ kind: "days", tolerance: 0 }, fc.oneof(day, nearDay, moment)],
  [{ kind: "days", tolerance: 3 }, fc.oneof(day, nearDay, moment)],
  [{ kind: "number", tolerance: 0 }, fc.oneof(number, digits)],
  [{ kind: "number", tolerance: 0.1 }, fc.oneof(number, digits)],
  [{ kind: "number", tolerance: 1e21 }, fc.oneof(number, digits)],
  [{ kind: "text" }, text],
];

describe("the score in SQL is the score in TypeScript", () => {
  it.each(CASES)("%o", async (comparator, usual) => {
    await fc.assert(
      fc.asyncProperty(fc.array(pairs(usual), { minLength: 100, maxLength: 200 }), async (sample) => {
        const rows = sample.map(([a, b]) => [of(a), of(b)] as const);
        await bothWays(single(comparator), [...rows, ...rows.map(([a, b]) => [b, a] as const)]);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it("for rules of several fields with any weights", async () => {
    const comparator = fc.constantFrom(...CASES.map(([c]) => c));
    const field = fc.record({
      comparator,
      weight: fc.nat(1000),
      confidenceWeight: fc.oneof(fc.constant(0), fc.nat(1000)),
      required: fc.boolean(),
    });
    const few = fc.oneof(words, day, fc.integer({ min: 0, max: 4 }), fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { minLength: 1, maxLength: 5 }),
        fc.array(
          fc.tuple(
            fc.array(few, { minLength: 5, maxLength: 5 }),
            fc.array(few, { minLength: 5, maxLength: 5 }),
          ),
          {
            minLength: 50,
            maxLength: 100,
          },
        ),
        async (fields, sample) => {
          const rule: MatchRule = {
            ...single({ kind: "exact" }),
            fields: fields.map((f, i): MatchField => ({ ...f, field: `f${i}` })),
          };
          const data = (values: unknown[]) =>
            JSON.parse(JSON.stringify(Object.fromEntries(values.map((v, i) => [`f${i}`, v])))) as RecordData;
          await bothWays(
            rule,
            sample.map(([a, b]) => [data(a), data(b)] as const),
          );
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it("folds every character alike", async () => {
    const letters: string[] = [];
    for (let point = 1; point <= 0x1ffff; point++) {
      const letter = String.fromCodePoint(point);
      if (storable(letter)) letters.push(`${letter}x`);
    }
    for (let at = 0; at < letters.length; at += 20_000) {
      const part = letters.slice(at, at + 20_000);
      const rows = await db.sql<{ folded: string }[]>`
        select ferry_fold(u) as folded from unnest(${part}::text[]) with ordinality t(u, n) order by n`;
      const wrong = part.filter((letter, i) => rows[i]!.folded !== foldForMatch(letter));
      expect(wrong).toEqual([]);
    }
  });
});
