import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collections } from "@/db/schema";
import { assign } from "@/lib/core/matching/assign";
import { isMatch, scoreMatch } from "@/lib/core/matching/score";
import type { MatchField, MatchRule } from "@/lib/core/matching/types";
import type { RecordData } from "@/lib/core/fields/types";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { matchFuzzily } from "./fuzzy";

interface Pair {
  row: number;
  /** Position of the record among the given ones. */
  record: number;
  score: number;
  confidence: number;
}

let bench: TestBench;
let ctx: ServiceContext;
let collectionId: string;

beforeAll(async () => {
  bench = await createTestBench();
  ctx = await bench.newUser();
  collectionId = newId();
  await ctx.db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId: ctx.ownerId, name: "T", fields: [], keyFields: [] });
});
afterAll(() => bench.close());

class Rollback extends Error {}

/** Matches rows to records for real, and leaves nothing behind. */
async function match(rule: MatchRule, rows: RecordData[], existing: RecordData[]): Promise<Pair[]> {
  const ids = existing.map(() => newId()).sort();
  let pairs: Pair[] = [];
  const work = ctx.db.sql.begin(async (tx) => {
    await tx`create temp table staged (row_number integer, data jsonb, errors jsonb) on commit drop`;
    await tx`insert into staged select n, d::jsonb from unnest(${rows.map((r) => JSON.stringify(r))}::text[]) with ordinality u(d, n)`;
    await tx`insert into records (collection_id, id, owner_id, data)
      select ${collectionId}, id, ${ctx.ownerId}, d::jsonb
      from unnest(${ids}::uuid[], ${existing.map((r) => JSON.stringify(r))}::text[]) u(id, d)`;
    await matchFuzzily(tx, {
      stagedTable: "staged",
      collectionId,
      rule,
      unmappedFields: [],
      openRows: "",
      openRecords: "",
    });
    const found = await tx<{ row: number; id: string; score: number; confidence: number }[]>`
      select row_number as row, record_id as id, score, confidence from fuzzy_pairs order by row_number`;
    pairs = found.map(({ row, id, score, confidence }) => ({
      row: row - 1,
      record: ids.indexOf(id),
      score,
      confidence,
    }));
    throw new Rollback();
  });
  await expect(work).rejects.toThrow(Rollback);
  return pairs;
}

const field = (
  name: string,
  comparator: MatchField["comparator"],
  weight: number,
  more = {},
): MatchField => ({
  field: name,
  comparator,
  weight,
  confidenceWeight: weight,
  required: false,
  ...more,
});
const rule = (threshold: number, ...fields: MatchField[]): MatchRule => ({
  fields,
  threshold,
  suggest: { skipFrom: 900, askFrom: 700 },
});
const TRIPS = rule(
  800,
  field("country", { kind: "folded" }, 400, { required: true, confidenceWeight: 300 }),
  field("entryDate", { kind: "days", tolerance: 1 }, 300),
  field("exitDate", { kind: "days", tolerance: 1 }, 200),
  field("visaType", { kind: "folded" }, 100),
  field("passportCountry", { kind: "folded" }, 0, { confidenceWeight: 100 }),
);
const DECIMALS = rule(
  700,
  field("number", { kind: "number", tolerance: 0.5 }, 600),
  field("title", { kind: "text" }, 400),
);
const TITLES = rule(600, field("title", { kind: "text" }, 1000));
const LOOSE = rule(
  500,
  field("country", { kind: "exact" }, 500),
  field("entryDate", { kind: "days", tolerance: 3 }, 500),
  field("title", { kind: "text" }, 300, { required: true }),
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 5 });
const data = fc
  .record({
    country: optional(fc.constantFrom("Peru", "PERU", "Côte d'Ivoire", "cote d'ivoire")),
    entryDate: optional(fc.integer({ min: 1, max: 7 }).map((d) => `2024-03-0${d}`)),
    exitDate: optional(fc.integer({ min: 1, max: 4 }).map((d) => `2024-04-0${d}`)),
    visaType: optional(fc.constantFrom("tourist", "business")),
    passportCountry: optional(fc.constantFrom("France", "Japan")),
    number: optional(fc.integer({ min: -4, max: 4 }).map((n) => n / 4)),
    title: optional(fc.constantFrom("Verbs", "verb", "Nouns", "Noun 1", "Noun 2", "vérbs")),
  })
  .map((d) => JSON.parse(JSON.stringify(d)) as RecordData);

/** What the rule scores, as it is written: rows that say the same are identical to it. */
function identity(r: MatchRule, d: RecordData): string {
  return JSON.stringify(r.fields.filter((f) => f.weight > 0).map((f) => d[f.field] ?? null));
}

const saysSomething = (r: MatchRule, d: RecordData) =>
  r.fields.some((f) => f.weight > 0 && d[f.field] !== undefined);

describe("fuzzy matching", () => {
  it.each([
    ["trips", TRIPS],
    ["numbers and text", DECIMALS],
    ["text alone", TITLES],
    ["a low threshold", LOOSE],
  ])("finds the best assignment there is: %s", async (_, r) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(data, { maxLength: 25 }),
        fc.array(data, { maxLength: 25 }),
        async (rows, existing) => {
          const found = await match(r, rows, existing);
          expect(new Set(found.map((p) => p.row)).size).toBe(found.length);
          expect(new Set(found.map((p) => p.record)).size).toBe(found.length);
          const scores = rows.map((row) => existing.map((record) => scoreMatch(r, row, record)));
          for (const p of found) {
            const { score, confidence } = scores[p.row]![p.record]!;
            expect([p.score, p.confidence]).toEqual([score, confidence]);
          }
          const identical = found.filter(
            (p) => identity(r, rows[p.row]!) === identity(r, existing[p.record]!),
          );
          const [left, right] = [rows, existing].map((side) =>
            side.filter((d) => saysSomething(r, d)).map((d) => identity(r, d)),
          );
          const several = [...new Set(left)].map((whole) =>
            Math.min(left!.filter((w) => w === whole).length, right!.filter((w) => w === whole).length),
          );
          expect(identical).toHaveLength(several.reduce((a, b) => a + b, 0));
          // What is not identical: as much as the best assignment of all pairs that match.
          const takenRows = new Set(identical.map((p) => p.row));
          const takenRecords = new Set(identical.map((p) => p.record));
          const open = scores.flatMap((row, i) =>
            row.flatMap((score, j) =>
              !takenRows.has(i) &&
              !takenRecords.has(j) &&
              saysSomething(r, rows[i]!) &&
              saysSomething(r, existing[j]!) &&
              isMatch(r, score)
                ? [{ i, j, value: score.score * 1_000_000 + score.confidence }]
                : [],
            ),
          );
          const best = assign({
            rows: Int32Array.from(open, (o) => o.i),
            records: Int32Array.from(open, (o) => o.j),
            values: Float64Array.from(open, (o) => o.value),
          }).reduce((sum, n) => sum + open[n]!.value, 0);
          const total = found
            .filter((p) => !takenRows.has(p.row))
            .reduce((sum, p) => sum + p.score * 1_000_000 + p.confidence, 0);
          expect(total).toBe(best);
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it("pairs two identical rows with one record once, and says the other is new", async () => {
    const trip = { country: "Peru", entryDate: "2024-03-01", exitDate: "2024-03-09", visaType: "tourist" };
    expect(await match(TRIPS, [trip, trip], [trip])).toEqual([
      { row: 0, record: 0, score: 1000, confidence: 1000 },
    ]);
  });

  it("prefers identical content among records that the rule cannot tell apart", async () => {
    const trip = { country: "Peru", entryDate: "2024-03-01", visaType: "tourist" };
    const found = await match(
      TRIPS,
      [
        { ...trip, notes: "second" },
        { ...trip, notes: "first" },
      ],
      [
        { ...trip, notes: "first" },
        { ...trip, notes: "second" },
      ],
    );
    expect(found.map((p) => [p.row, p.record])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it("matches nothing to a record that says nothing", async () => {
    expect(await match(TITLES, [{ notes: "a" }], [{ notes: "b" }])).toEqual([]);
  });

  it("pairs what is identical one to one among more rows than choose their records", async () => {
    const work = ctx.db.sql.begin(async (tx) => {
      await tx`create temp table staged (row_number integer, data jsonb, errors jsonb) on commit drop`;
      await tx`insert into staged
        select n, jsonb_build_object('country', 'Country ' || n / 1000, 'entryDate', date '1970-01-01' + n % 1000)
        from generate_series(1, 260000) n`;
      await tx`insert into records (collection_id, id, owner_id, data)
        select ${collectionId}::uuid, gen_random_uuid(), ${ctx.ownerId}::uuid, data from (
          select data from staged where row_number <= 3000
          union all select data from staged where row_number <= 1000
          union all select '{}') d`;
      const exactly = rule(
        1000,
        field("country", { kind: "exact" }, 500),
        field("entryDate", { kind: "days", tolerance: 0 }, 500),
      );
      await matchFuzzily(tx, {
        stagedTable: "staged",
        collectionId,
        rule: exactly,
        unmappedFields: [],
        openRows: "",
        openRecords: "",
      });
      const [found] = await tx`
        select count(*)::int as pairs, count(distinct p.row_number)::int as rows, count(distinct record_id)::int as records,
          count(*) filter (where r.data = s.data)::int as identical
        from fuzzy_pairs p join staged s using (row_number)
        join records r on r.collection_id = ${collectionId} and r.id = p.record_id`;
      expect(found).toEqual({ pairs: 3000, rows: 3000, records: 3000, identical: 3000 });
      throw new Rollback();
    });
    await expect(work).rejects.toThrow(Rollback);
  });

  it("refuses a rule that would compare everything with everything, and says what to add", async () => {
    const many = Array.from({ length: 5_100 }, (_, n): RecordData => ({ title: `Title number ${n}` }));
    const others = many.map((d) => ({ title: `${String(d.title)}!` }));
    await expect(
      ctx.db.sql.begin(async (tx) => {
        await tx`create temp table staged (row_number integer, data jsonb, errors jsonb) on commit drop`;
        await tx`insert into staged select n, d::jsonb from unnest(${many.map((r) => JSON.stringify(r))}::text[]) with ordinality u(d, n)`;
        await tx`insert into records (collection_id, id, owner_id, data) select ${collectionId}, gen_random_uuid(), ${ctx.ownerId}, d::jsonb
          from unnest(${others.map((r) => JSON.stringify(r))}::text[]) u(d)`;
        await matchFuzzily(tx, {
          stagedTable: "staged",
          collectionId,
          rule: TITLES,
          unmappedFields: [],
          openRows: "",
          openRecords: "",
        });
      }),
    ).rejects.toMatchObject({
      code: "matching-too-broad",
      message: expect.stringContaining("26,010,000") as string,
    });
  });
});
