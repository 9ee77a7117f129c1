import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database, type SqlTransaction } from "@/db/client";
import { collections, imports, users } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import { diffPlanned } from "./import-diff";
import { closePlan, createPlan } from "./import-match";
import { matchRestored } from "./restore-match";
import { restoredLine, stageRestored } from "./restore-staging";
import { diffTable, planTable, stagingTable } from "./staging";

type Data = Record<string, string | number | boolean>;

/** A record with the row that it is, and what imports gave it. Those are named by their place: the last is of another source. */
interface Pair {
  row: Data;
  record: Data;
  rowVersion: number;
  recordVersion: number;
  /** Which import wrote the record last. */
  writer: number | null;
  /** What is noted of each import. */
  givens: (Data | null)[];
  /** Ranks in time: of what is noted, then of the record's last change. */
  order: number[];
}

interface Difference {
  base: Data | null;
  taken: string[];
  clashing: string[];
}

const FIELDS = ["a", "b", "it's", "d"];
const SOURCES = 2;
const IMPORTS = SOURCES + 1;

let database: TestDatabase;
let db: Database;
const ownerId = newId();

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { poolSize: 2 });
  await db.orm.insert(users).values({ id: ownerId, email: "diff@example.org", passwordHash: "-" });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const ROW_VALUES = ["x", "x", "x", "y", "1", 1, true, "true"];
const data = fc.dictionary(fc.constantFrom(...FIELDS), fc.constantFrom(...ROW_VALUES), {
  noNullPrototype: true,
});
const pair: fc.Arbitrary<Pair> = fc.record({
  row: data,
  record: data,
  rowVersion: fc.integer({ min: 1, max: 2 }),
  recordVersion: fc.integer({ min: 1, max: 2 }),
  writer: fc.option(fc.nat(IMPORTS - 1)),
  givens: fc.tuple(...Array.from({ length: IMPORTS }, () => fc.option(data))),
  order: fc.shuffledSubarray([...Array(IMPORTS + 1).keys()], { minLength: IMPORTS + 1 }),
});

/** Stages and plans the pairs, and answers what `compare` has written of them, by their place. */
async function compared<T>(
  pairs: readonly Pair[],
  spokenOf: readonly (readonly string[])[],
  compare: (
    tx: SqlTransaction,
    place: { importId: string; collectionId: string; given: string[] },
  ) => Promise<void>,
): Promise<Map<number, T>> {
  const [importId, collectionId] = [newId(), newId()];
  const given = spokenOf.map(() => newId());
  await db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId, name: "Things", fields: [], keyFields: [] });
  const blank = {
    ownerId,
    uploadId: newId(),
    fileName: "",
    jobId: newId(),
    detection: {},
    mapping: [],
    options: {},
    idPrefix: "",
  };
  await db.orm
    .insert(imports)
    .values(given.map((id, n) => ({ ...blank, id, collectionId, givenFields: [...spokenOf[n]!] })));
  const ids = pairs.map(() => newId());
  const stored = pairs.map((one, n) => ({
    id: ids[n],
    data: one.record,
    version: one.recordVersion,
    writer: one.writer === null ? null : given[one.writer],
    at: one.order.at(-1),
  }));
  await db.sql`
    insert into records (collection_id, id, owner_id, data, version, source_import_id, updated_at)
    select ${collectionId}, r.id, ${ownerId}, r.data, r.version, r.writer, 'epoch'::timestamptz + r.at * interval '1 day'
    from jsonb_to_recordset(${db.sql.json(stored)}) r(id uuid, data jsonb, version int, writer uuid, at int)`;
  const noted = pairs.flatMap((one, n) =>
    one.givens.flatMap((given, from) => (given ? [{ id: ids[n], from, given, at: one.order[from] }] : [])),
  );
  await db.sql`
    insert into record_givens (collection_id, record_id, import_id, given, given_at)
    select ${collectionId}, g.id, (${given}::uuid[])[g."from" + 1], g.given, 'epoch'::timestamptz + g.at * interval '1 day'
    from jsonb_to_recordset(${db.sql.json(noted)}) g(id uuid, "from" int, given jsonb, at int)`;
  const lines = pairs.map((one, n) =>
    restoredLine(
      n + 1,
      { id: ids[n]!, version: one.rowVersion, createdAt: "2026-01-01T00:00:00Z" },
      { json: JSON.stringify(one.row) },
    ),
  );
  return await db.sql.begin(async (tx) => {
    await stageRestored(tx, { importId, keyFields: [] }, Readable.from([Buffer.from(lines.join(""))]));
    await createPlan(tx, importId);
    await tx.unsafe(
      `insert into ${planTable(importId)}
       select s.row_number, r.id, r.version, r.data = s.data, 1, false
       from ${stagingTable(importId)} s join records r on r.collection_id = $1 and r.id = s.source_id`,
      [collectionId],
    );
    await closePlan(tx, importId);
    await compare(tx, { importId, collectionId, given });
    const rows = await tx.unsafe<(T & { row_number: number })[]>(`select * from ${diffTable(importId)}`);
    return new Map(rows.map((row) => [row.row_number - 1, row]));
  });
}

/** What the definition says (see diffPlanned): written as one would say it, not as the server is asked. */
function expected(
  one: Pair,
  fields: readonly string[],
  spokenOf: readonly (readonly string[])[],
): Difference {
  const said = one.givens
    .slice(0, SOURCES)
    .flatMap((given, from) => (given ? [{ given, from, at: one.order[from]! }] : []));
  const { writer } = one;
  if (writer !== null && writer < SOURCES && !one.givens[writer])
    said.push({ given: one.record, from: writer, at: one.order.at(-1)! });
  const last = said.sort((a, b) => b.at - a.at)[0];
  const isTaken = (f: string) =>
    last !== undefined && spokenOf[last.from]!.includes(f) && one.record[f] === last.given[f];
  const clashes = (f: string) =>
    last !== undefined && spokenOf[last.from]!.includes(f)
      ? one.record[f] !== last.given[f] && one.row[f] !== last.given[f]
      : f in one.row;
  const differing = fields.filter((f) => one.row[f] !== one.record[f]);
  return { base: last?.given ?? null, taken: differing.filter(isTaken), clashing: differing.filter(clashes) };
}

const differs = ({ row, record }: Pair) => [...FIELDS, "e"].some((f) => row[f] !== record[f]);

describe("how rows differ from their records", () => {
  it("is what the definition says, whatever was given, noted and changed", async () => {
    const fields = fc.subarray(FIELDS);
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { minLength: 30, maxLength: 120 }),
        fields,
        fc.array(fields, { minLength: IMPORTS, maxLength: IMPORTS }),
        async (pairs, mappedFields, spokenOf) => {
          const is = await compared<Difference>(pairs, spokenOf, (tx, { importId, collectionId, given }) =>
            diffPlanned(tx, {
              importId,
              collectionId,
              mappedFields,
              deliveries: given.slice(0, SOURCES),
              scored: [],
            }),
          );
          for (const [n, one] of pairs.entries()) {
            const found = is.get(n);
            expect(found !== undefined).toBe(differs(one));
            if (found)
              expect(found, JSON.stringify(one)).toMatchObject(expected(one, mappedFields, spokenOf));
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("is told of a backup, too: what is contested says something else on both sides and may be news on either", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { minLength: 30, maxLength: 120 }),
        fc.subarray(FIELDS),
        fc.boolean(),
        async (pairs, filled, isOwnHistory) => {
          const is = await compared<{ clashing: string[]; contested: boolean }>(
            pairs,
            Array(IMPORTS).fill(FIELDS),
            (tx, place) => matchRestored(tx, { ...place, filled, unmappedFields: [], isOwnHistory }),
          );
          for (const [n, { row, record, rowVersion, recordVersion }] of pairs.entries()) {
            const found = is.get(n);
            if (!found) continue;
            const clashing = filled.filter((f) => row[f] !== record[f]);
            const contested =
              !(isOwnHistory && recordVersion > rowVersion) && clashing.some((f) => f in row && f in record);
            expect(found, JSON.stringify(pairs[n])).toMatchObject({ clashing, contested });
          }
        },
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it("is found in as many fields as a collection may have", async () => {
    const fields = Array.from({ length: 2_000 }, (_, n) => `field ${n}`);
    const changed = [0, 299, 300, 1_999].map((n) => fields[n]!);
    const record = Object.fromEntries(fields.map((f) => [f, "as it was"]));
    const row = { ...record, ...Object.fromEntries(changed.map((f) => [f, "new"])) };
    const pairs: Pair[] = [
      { row, record, rowVersion: 1, recordVersion: 1, writer: 0, givens: [], order: [0] },
      { row, record, rowVersion: 1, recordVersion: 1, writer: null, givens: [], order: [0] },
    ];
    const planned = await compared<Difference>(pairs, [fields], (tx, { importId, collectionId, given }) =>
      diffPlanned(tx, { importId, collectionId, mappedFields: fields, deliveries: given, scored: [] }),
    );
    expect(planned.get(0)).toMatchObject({ base: record, taken: changed, clashing: [] });
    expect(planned.get(1)).toMatchObject({ base: null, taken: [], clashing: changed });
    const restored = await compared<{ clashing: string[]; contested: boolean }>(
      pairs,
      [fields],
      (tx, place) => matchRestored(tx, { ...place, filled: fields, unmappedFields: [], isOwnHistory: true }),
    );
    expect(restored.get(1)).toMatchObject({ clashing: changed, contested: true });
  });
});
