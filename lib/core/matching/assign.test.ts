import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, type CandidatePairs } from "./assign";

type Pair = [row: number, record: number, value: number];

function candidates(pairs: Pair[]): CandidatePairs {
  const once = new Map(pairs.map((pair) => [`${pair[0]} ${pair[1]}`, pair]));
  const sorted = [...once.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    rows: Int32Array.from(sorted, (p) => p[0]),
    records: Int32Array.from(sorted, (p) => p[1]),
    values: Float64Array.from(sorted, (p) => p[2]),
  };
}

/** The worth of the best choice, by trying all of them. */
function bestWorth({ rows, records, values }: CandidatePairs, from = 0, taken = new Set<number>()): number {
  if (from >= rows.length) return 0;
  const row = rows[from]!;
  let next = from;
  while (rows[next] === row) next++;
  let best = bestWorth({ rows, records, values }, next, taken);
  for (let pair = from; pair < next; pair++) {
    const record = records[pair]!;
    if (taken.has(record)) continue;
    taken.add(record);
    best = Math.max(best, values[pair]! + bestWorth({ rows, records, values }, next, taken));
    taken.delete(record);
  }
  return best;
}

const graph = (size: number, values: fc.Arbitrary<number>) =>
  fc
    .array(fc.tuple(fc.nat(size), fc.nat(size), values), { maxLength: 3 * size })
    .map((pairs) => candidates(pairs));

function worth(pairs: CandidatePairs, chosen: Int32Array): number {
  const rows = new Set(chosen.map((i) => pairs.rows[i]!));
  const records = new Set(chosen.map((i) => pairs.records[i]!));
  expect([rows.size, records.size]).toEqual([chosen.length, chosen.length]);
  return chosen.reduce((sum, i) => sum + pairs.values[i]!, 0);
}

describe("assignment", () => {
  it.each([
    ["any values", fc.integer({ min: 1, max: 1000 })],
    ["few different values", fc.constantFrom(800, 850, 1000)],
  ])("is worth as much as the best of all choices: %s", (_, values) => {
    fc.assert(
      fc.property(graph(6, values), (pairs) => {
        expect(worth(pairs, assign(pairs))).toBe(bestWorth(pairs));
      }),
      { numRuns: 3000 },
    );
  });

  it("out of patience, still gives each row and each record at most one partner, and leaves no free pair", () => {
    fc.assert(
      fc.property(graph(30, fc.integer({ min: 1, max: 1000 })), fc.nat(60), (pairs, effort) => {
        const chosen = assign(pairs, effort);
        worth(pairs, chosen);
        const rows = new Set(chosen.map((i) => pairs.rows[i]!));
        const records = new Set(chosen.map((i) => pairs.records[i]!));
        for (let i = 0; i < pairs.rows.length; i++) {
          expect(rows.has(pairs.rows[i]!) || records.has(pairs.records[i]!)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the order of the file among equals", () => {
    const all: Pair[] = [0, 1, 2].flatMap((row) => [0, 1, 2].map((record): Pair => [row, record, 900]));
    const pairs = candidates(all);
    expect([...assign(pairs)].map((i) => [pairs.rows[i], pairs.records[i]])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  it("gives up a better pair where two others are worth more", () => {
    const pairs = candidates([
      [0, 0, 900],
      [0, 1, 850],
      [1, 0, 850],
    ]);
    expect([...assign(pairs)]).toEqual([1, 2]);
  });

  it("solves a long chain of neighbours at once", () => {
    const length = 100_000;
    const pairs = candidates(
      Array.from({ length }, (_, row): Pair[] => [
        [row, row, 850 + (row % 3)],
        [row, row + 1, 900 - (row % 2)],
      ]).flat(),
    );
    const started = performance.now();
    expect(assign(pairs)).toHaveLength(length);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
