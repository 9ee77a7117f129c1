import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type AnySql, connect, type Database } from "@/db/client";
import { collections, imports, importUndos, users } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";

let database: TestDatabase;
let db: Database;
let [ownerId, collectionId, importId, undoId] = ["", "", "", ""];

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { poolSize: 3 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(async () => {
  [ownerId, collectionId, importId, undoId] = [newId(), newId(), newId(), newId()];
  await db.orm.insert(users).values({ id: ownerId, email: `${ownerId}@example.org`, passwordHash: "-" });
  await db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId, name: "Trips", fields: [], keyFields: [] });
  await db.orm.insert(imports).values({
    id: importId,
    ownerId,
    uploadId: newId(),
    fileName: "trips.csv",
    jobId: newId(),
    collectionId,
    detection: {},
    mapping: [],
    options: {},
    idPrefix: "",
  });
  await db.orm.insert(importUndos).values({ id: undoId, importId, kind: "undo", choices: {} });
});

async function addRecord(sql: AnySql = db.sql): Promise<void> {
  await sql`insert into records (collection_id, id, owner_id, data) values (${collectionId}, ${newId()}, ${ownerId}, '{}')`;
}

/** One row in each table that is tied to others by triggers. */
async function addOneOfEach(): Promise<void> {
  const record = newId();
  await addRecord();
  await db.sql`insert into record_givens (collection_id, record_id, import_id, given)
               values (${collectionId}, ${record}, ${importId}, '{}')`;
  await db.sql`insert into record_origins (collection_id, origin_id, record_id, import_id)
               values (${collectionId}, ${newId()}, ${record}, ${importId})`;
  await db.sql`insert into journal_entries (import_id, chunk, record_id, op, before, before_version, before_created_at,
                 before_updated_at) values (${importId}, 0, ${record}, 'update', '{}', 1, now(), now())`;
  await db.sql`insert into undo_entries (undo_id, chunk, record_id, op) values (${undoId}, 0, ${record}, 'kept')`;
}

async function counts() {
  const [row] = await db.sql<Record<string, number>[]>`
    select (select count(*)::int from records where collection_id = ${collectionId}) as records,
      (select count(*)::int from record_givens where collection_id = ${collectionId}) as givens,
      (select count(*)::int from record_origins where collection_id = ${collectionId}) as origins,
      (select count(*)::int from journal_entries where import_id = ${importId}) as journal,
      (select count(*)::int from undo_entries where undo_id = ${undoId}) as undos`;
  return row;
}

test("a collection takes its records and what is known of them along", async () => {
  await addOneOfEach();
  await db.sql`delete from collections where id = ${collectionId}`;
  expect(await counts()).toEqual({ records: 0, givens: 0, origins: 0, journal: 1, undos: 1 });
});

test("an import takes its journal along, and those of its undos", async () => {
  await addOneOfEach();
  await db.sql`delete from imports where id = ${importId}`;
  expect(await counts()).toEqual({ records: 1, givens: 1, origins: 1, journal: 0, undos: 0 });
});

test("an account takes everything along", async () => {
  await addOneOfEach();
  await db.sql`delete from users where id = ${ownerId}`;
  expect(await counts()).toEqual({ records: 0, givens: 0, origins: 0, journal: 0, undos: 0 });
});

test("records of a collection that does not exist are refused", async () => {
  await db.sql`delete from collections where id = ${collectionId}`;
  await expect(addRecord()).rejects.toThrow("records of a collection that does not exist");
  expect(await counts()).toMatchObject({ records: 0 });
});

test("a deletion waits for records that are being added, and removes them too", async () => {
  let deletion: Promise<unknown> = Promise.resolve();
  await db.sql.begin(async (tx) => {
    await addRecord(tx);
    deletion = db.sql`delete from collections where id = ${collectionId}`.execute();
    await isWaiting();
  });
  await deletion;
  expect(await counts()).toMatchObject({ records: 0 });
});

test("records that are added while the collection is being deleted wait, and are refused", async () => {
  let addition: Promise<unknown> = Promise.resolve();
  await db.sql.begin(async (tx) => {
    await tx`delete from collections where id = ${collectionId}`;
    addition = addRecord().catch((error: Error) => error.message);
    await isWaiting();
  });
  expect(await addition).toBe("records of a collection that does not exist");
  expect(await counts()).toMatchObject({ records: 0 });
});

/** Until some session of this database waits for a lock. */
async function isWaiting(): Promise<void> {
  for (;;) {
    const [row] = await db.sql<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row!.waiting > 0) return;
  }
}
