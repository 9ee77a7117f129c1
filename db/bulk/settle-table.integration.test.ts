import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { settleTable } from "./settle-table";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, { poolSize: 1 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function settled(rows: number): Promise<{ keys: number; known: number }> {
  const table = `staging.rows_${rows}`;
  const { count } = await db.sql.unsafe(
    `create table ${table} as select n from generate_series(1, ${rows}) n`,
  );
  await settleTable(db.sql, table, "n", count);
  const [row] = await db.sql<{ keys: number; known: number }[]>`
    select (select count(*)::int from pg_index where indrelid = c.oid and indisprimary) as keys,
      c.reltuples::int as known
    from pg_class c where c.oid = ${table}::regclass`;
  return { ...row! };
}

it("gives a table of many rows its key and statistics, and spares one of few both", async () => {
  expect(await settled(1_000)).toEqual({ keys: 1, known: 1_000 });
  expect(await settled(999)).toEqual({ keys: 0, known: -1 });
});
