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

/** Pairs [index of the row, index of the record], matched by the product in a collection of its own. */
async function matched(records: Thing[], rows: Row[]): Promise<string[]> {
  const [collectionId, importId] = [newId(), newId()];
  const ids = records.map(() => newId());
  await db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId, name: "Things", fields: [], keyFields: ["key"] });
  await db.sql.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash)
     select $1, r.id, $2, r.data, ${keyHashExpression(["key"], "r.data")}
     from jsonb_to_recordset($3::text::jsonb) as r(id uuid, data jsonb)`,
    [collectionId, ownerId, JSON.stringify(records.map((data, i) => ({ id: ids[i], data })))],
  );
  const lines = rows.map(({ key, note, statedRecord }, i) =>
    stagedLine(
      i + 1,
      JSON.stringify({ key, note }),
      statedRecord === undefined ? undefined : ids[statedRecord],
    ),
  );
  await stageLines(db.sql, importId, ["key"], Readable.from([Buffer.from(lines.join(""))]));
  const pairs = await db.sql.begin("isolation level repeatable read", async (tx) => {
    await createPlan(tx, importId);
    await matchStrictly(tx, {
      importId,
      collectionId,
      criteria: ["key"],
      criteriaAreOwnKey: true,
      unmappedFields: [],
      deliveries: [],
    });
    await closePlan(tx, importId);
    return await tx.unsafe<{ row: number; record: string; same: boolean }[]>(
      `select row_number as row, record_id as record, same from ${planTable(importId)} order by 1`,
    );
  });
  for (const { row, record, same } of pairs) {
    const [a, b] = [rows[row - 1]!, records[ids.indexOf(record)]!];
    expect(same).toBe(a.key === b.key && a.note === b.note);
  }
  return pairs.map(({ row, record }) => `${row - 1}:${ids.indexOf(record)}`);
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
