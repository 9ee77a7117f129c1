import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePlan, createPlan, matchStrictly } from "@/db/bulk/import-match";
import { keyHashExpression } from "@/db/bulk/key-hash";
import { planTable, stagedLine, stageLines } from "@/db/bulk/staging";
import { connect, type Database } from "@/db/client";
import { collections, users } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";

interface Thing {
  key: string;
  note: string;
}

/** Rows whose file states the id of the record they were say which of the records that is. */
type Row = Thing & { statedRecord?: number };

/** A record whose hash is that of another thing, as if 64 bits had met. */
type Stored = Thing & { hashedAs?: Thing };

interface Matching {
  /** None = the whole content. */
  criteria?: string[];
  unmappedFields?: string[];
  mayStateIds?: boolean;
}

let database: TestDatabase;
let db: Database;
const ownerId = newId();

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { poolSize: 2 });
  await db.orm.insert(users).values({ id: ownerId, email: "match@example.org", passwordHash: "-" });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

interface Pair {
  row: number;
  record: number;
  same: boolean;
}

/** Pairs of rows and records, by their index, as the product matches them in a collection of its own. */
async function planned(
  records: { data: object; hashed: object }[],
  rows: { data: object; statedRecord?: number }[],
  { criteria = ["key"], unmappedFields = [], mayStateIds = true }: Matching = {},
): Promise<Pair[]> {
  const [collectionId, importId] = [newId(), newId()];
  const ids = records.map(() => newId());
  await db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId, name: "Things", fields: [], keyFields: criteria });
  await db.sql.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash)
     select $1, r.id, $2, r.data, ${keyHashExpression(criteria, "r.hashed")}
     from jsonb_to_recordset($3::text::jsonb) as r(id uuid, data jsonb, hashed jsonb)`,
    [collectionId, ownerId, JSON.stringify(records.map((record, i) => ({ id: ids[i], ...record })))],
  );
  const lines = rows.map(({ data, statedRecord }, i) =>
    stagedLine(i + 1, JSON.stringify(data), statedRecord === undefined ? undefined : ids[statedRecord]),
  );
  await stageLines(db.sql, importId, criteria, Readable.from([Buffer.from(lines.join(""))]));
  const pairs = await db.sql.begin("isolation level repeatable read", async (tx) => {
    await createPlan(tx, importId);
    await matchStrictly(tx, {
      importId,
      collectionId,
      criteria,
      criteriaAreOwnKey: true,
      mappedFields: [...new Set(rows.flatMap(({ data }) => Object.keys(data)))],
      unmappedFields,
      deliveries: [],
      mayStateIds,
    });
    await closePlan(tx, importId);
    return await tx.unsafe<{ row: number; record: string; same: boolean }[]>(
      `select row_number - 1 as row, record_id as record, same from ${planTable(importId)} order by 1`,
    );
  });
  return pairs.map(({ row, record, same }) => ({ row, record: ids.indexOf(record), same }));
}

/** The same of things, as texts "row:record". */
async function matched(records: Stored[], rows: Row[], matching: Matching = {}): Promise<string[]> {
  const { unmappedFields = [] } = matching;
  const pairs = await planned(
    records.map(({ hashedAs, ...data }) => ({ data, hashed: hashedAs ?? data })),
    rows.map(({ key, note, statedRecord }) => ({
      data: Object.fromEntries(Object.entries({ key, note }).filter(([f]) => !unmappedFields.includes(f))),
      statedRecord,
    })),
    matching,
  );
  for (const { row, record, same } of pairs) {
    const [a, b] = [rows[row]!, records[record]!];
    const agrees = (field: "key" | "note") => unmappedFields.includes(field) || a[field] === b[field];
    expect(same).toBe(agrees("key") && agrees("note"));
  }
  return pairs.map(({ row, record }) => `${row}:${record}`);
}

/** The rule in plain words: stated ids first, then identical content in order, then equal keys in order. */
function expected(records: Thing[], rows: Row[]): string[] {
  const recordOf = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (row: number, record: number) => {
    recordOf.set(row, record);
    taken.add(record);
  };
  rows.forEach((row, i) => {
    if (row.statedRecord !== undefined && !taken.has(row.statedRecord)) pair(i, row.statedRecord);
  });
  const rules = [
    (a: Thing, b: Thing) => a.key === b.key && a.note === b.note,
    (a: Thing, b: Thing) => a.key === b.key,
  ];
  for (const fits of rules) {
    rows.forEach((row, i) => {
      if (recordOf.has(i)) return;
      const found = records.findIndex((record, n) => !taken.has(n) && fits(row, record));
      if (found >= 0) pair(i, found);
    });
  }
  return [...recordOf].sort(([a], [b]) => a - b).map(([row, record]) => `${row}:${record}`);
}

const thing = fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e"), note: fc.constantFrom("1", "2") });

describe("strict matching", () => {
  it("gives a row the record with its content when several have its key", async () => {
    const records = [
      { key: "a", note: "first" },
      { key: "a", note: "second" },
    ];
    expect(await matched(records, [{ key: "a", note: "second" }])).toEqual(["0:1"]);
    expect(await matched(records, [{ key: "a", note: "third" }])).toEqual(["0:0"]);
  });

  it("takes no record whose key is another with the same hash", async () => {
    const b = { key: "b", note: "" };
    const stranger = { key: "a", note: "", hashedAs: b };
    expect(await matched([stranger], [b])).toEqual([]);
    expect(await matched([stranger, { key: "b", note: "other" }], [b])).toEqual(["0:1"]);
    expect(await matched([stranger, { key: "b", note: "other" }], [{ ...b, statedRecord: 1 }, b])).toEqual([
      "0:1",
    ]);
    expect(await matched([stranger], [b, b])).toEqual([]);
    expect(await matched([stranger, b], [b, b])).toEqual(["0:1"]);
  });

  it("takes no record whose whole content is another with the same hash", async () => {
    const b = { key: "b", note: "" };
    const stranger = { key: "b", note: "other", hashedAs: b };
    expect(await matched([stranger], [b], { criteria: [] })).toEqual([]);
    expect(await matched([stranger, b], [b], { criteria: [] })).toEqual(["0:1"]);
    expect(await matched([stranger, b], [b, b], { criteria: [] })).toEqual(["0:1"]);
  });

  it("compares what the file speaks of, the key included when the file does not", async () => {
    const records = [
      { key: "a", note: "1" },
      { key: "a", note: "2" },
    ];
    const row = { key: "a", note: "3" };
    expect(await matched(records, [row], { unmappedFields: ["note"] })).toEqual(["0:0"]);
    const unlike = { key: "c", note: "1", hashedAs: { key: "", note: "1" } };
    const criteria = ["key", "note"];
    expect(await matched([unlike], [{ key: "", note: "1" }], { criteria, unmappedFields: ["key"] })).toEqual(
      [],
    );
  });

  it("needs no look at stated ids where no row states one", async () => {
    const records = [
      { key: "a", note: "1" },
      { key: "a", note: "1" },
      { key: "b", note: "1" },
    ];
    const rows = [
      { key: "b", note: "2" },
      { key: "a", note: "1" },
    ];
    expect(await matched(records, rows, { mayStateIds: false })).toEqual(["0:2", "1:0"]);
  });

  it("tells apart what fields of a wide table have exchanged, in rows that share their key", async () => {
    const wide = (marked: number) =>
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [`field${i + 10}`, i === marked ? "yes" : "no"]),
      );
    for (const apart of [16, 32]) {
      const [data, exchanged] = [wide(3), wide(3 + apart)];
      const rows = [{ data: exchanged }, { data: exchanged }];
      expect(await planned([{ data, hashed: data }], rows, { criteria: ["field10"] })).toEqual([
        { row: 0, record: 0, same: false },
      ]);
      expect(await planned([{ data, hashed: data }], rows, { criteria: [] })).toEqual([]);
      expect(
        await planned(
          [
            { data, hashed: data },
            { data: exchanged, hashed: exchanged },
          ],
          rows,
          { criteria: [] },
        ),
      ).toEqual([{ row: 0, record: 1, same: true }]);
    }
  });

  it("closes no plan that gives a row two records", async () => {
    const importId = newId();
    await stageLines(db.sql, importId, [], Readable.from([Buffer.from(stagedLine(1, "{}", undefined))]));
    const closing = db.sql.begin(async (tx) => {
      await createPlan(tx, importId);
      await tx.unsafe(
        `insert into ${planTable(importId)} select 1, gen_random_uuid(), 1, true, 1, false from generate_series(1, 2)`,
      );
      await closePlan(tx, importId);
    });
    await expect(closing).rejects.toMatchObject({ code: "23505" });
  });

  it("pairs each row and each record once, in the order of the rule, however often keys are repeated", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { maxLength: 8 }),
        fc.array(fc.tuple(thing, fc.option(fc.nat(7), { nil: undefined, freq: 6 })), {
          minLength: 1,
          maxLength: 8,
        }),
        async (records, drafts) => {
          const rows = drafts.map(([row, stated]) => ({
            ...row,
            statedRecord: stated !== undefined && stated < records.length ? stated : undefined,
          }));
          expect(await matched(records, rows)).toEqual(expected(records, rows));
        },
      ),
      { numRuns: 80 },
    );
  });
});
