import type { Socket } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { connect, type Database, type SqlTransaction } from "@/db/client";
import { copyIn } from "@/db/copy-in";
import { steady } from "@/db/steady-socket";
import { createTestDatabase, type TestDatabase } from "@/db/testing";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  db = connect(database.url, { poolSize: 2 });
  await db.sql`drop table if exists copied`;
  await db.sql`create table copied (n int)`;
});

async function* numbers(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from("1\n2\n3\n"));
}

/** What the server does when it has everything, and has not yet said so. */
async function atTheEnd(does: string): Promise<void> {
  await db.sql.unsafe(`
    create or replace function at_the_end() returns trigger language plpgsql as $$ begin ${does}; return null; end $$`);
  await db.sql`create trigger at_the_end after insert on copied for each statement execute function at_the_end()`;
}

const copyAll = () => db.sql.begin((tx) => copyIn(tx, "copy copied from stdin", numbers()));

it("copies all lines", async () => {
  await copyAll();
  expect(await db.sql`select n from copied`).toHaveLength(3);
  await db.close();
});

it("rejects with what the server says when it has everything, and the connection goes on", async () => {
  await atTheEnd("raise exception 'no room' using errcode = '53100'");
  await expect(copyAll()).rejects.toMatchObject({ code: "53100", message: "no room" });
  expect(await db.sql`select n from copied`).toHaveLength(0);
  await db.close();
});

it("rejects when the connection is lost before the server has answered", async () => {
  await atTheEnd("perform pg_sleep(600)");
  const copying = copyAll();
  copying.catch(() => undefined);
  const asleep = () => db.sql<{ ended: boolean }[]>`
    select pg_terminate_backend(pid) as ended from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'`;
  while ((await asleep()).length === 0);
  await expect(copying).rejects.toMatchObject({
    code: expect.stringMatching(/^(57P01|CONNECTION_CLOSED)$/) as string,
  });
  expect(await db.sql`select n from copied`).toHaveLength(0);
  await db.close();
});

it("rejects when a write finds the connection broken, and the pool goes on with another", async () => {
  let socket: Socket | undefined;
  const { socket: dial, ...options } = steady();
  const sql = postgres(database.url, {
    ...options,
    max: 1,
    ...{ socket: (to: Parameters<typeof dial>[0]) => (socket = dial(to)) },
  });
  async function* breaking(): AsyncGenerator<Buffer> {
    yield* numbers();
    socket!.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    yield* numbers();
  }
  const copying = sql.begin((tx) =>
    copyIn(tx as unknown as SqlTransaction, "copy copied from stdin", breaking()),
  );
  await expect(copying).rejects.toMatchObject({ code: expect.any(String) as string });
  // Each query of a transaction has to get its own answer.
  const answers = await sql.begin(async (tx) => [
    ...(await tx`select ${1}::int as n`),
    ...(await tx`select ${2}::int as n`),
  ]);
  expect(answers).toEqual([{ n: 1 }, { n: 2 }]);
  await sql.end();
  await db.close();
});
