import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, type Database, type SqlTransaction } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { onOneProcessor } from "./one-processor";

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

async function workers(tx: SqlTransaction): Promise<string[]> {
  const [row] = await tx<{ query: string; index: string }[]>`
    select current_setting('max_parallel_workers_per_gather') as query,
      current_setting('max_parallel_maintenance_workers') as index`;
  return [row!.query, row!.index];
}

it("lets no other processor help, answers what the work does, and leaves the settings as they were", async () => {
  await db.sql.begin(async (tx) => {
    const before = await workers(tx);
    expect(before).not.toEqual(["0", "0"]);
    expect(await onOneProcessor(tx, () => workers(tx))).toEqual(["0", "0"]);
    expect(await workers(tx)).toEqual(before);
  });
});
