import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "./client";
import { createTestDatabase, type TestDatabase } from "./testing";

const ended = { code: "57P01", message: "terminating connection due to administrator command" };
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The server ends connections where it hurts; vitest fails on the uncaught exception that the bare driver throws. */
describe("a connection that the server ends", () => {
  let test: TestDatabase;
  let database: Database;
  let other: Database;
  beforeAll(async () => {
    test = await createTestDatabase();
    database = connect(test.url, { poolSize: 1 });
    other = connect(test.url, { poolSize: 1 });
  });
  afterAll(async () => {
    await Promise.all([database.close(), other.close()]);
    await test.drop();
  });
  const terminate = async (pid: number) => {
    await other.sql`select pg_terminate_backend(${pid})`;
    await pause(50);
  };
  const pidOf = async (sql: Database["sql"]) =>
    (await sql<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]!.pid;
  const isUsable = async () => {
    await pause(1_300);
    expect(await pidOf(database.sql)).toBeGreaterThan(0);
  };

  it("rejects a transaction between two of its queries, and the pool goes on", async () => {
    const work = database.sql.begin(async (tx) => {
      await terminate((await tx<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]!.pid);
      await tx`select 1`;
    });
    await expect(work).rejects.toMatchObject(ended);
    await isUsable();
  });

  it("rejects a transaction within a query, whether it runs alone or with others", async () => {
    const work = database.sql.begin(async (tx) => {
      const { pid } = (await tx<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]!;
      void pause(100).then(() => terminate(pid));
      await Promise.all([tx`select pg_sleep(5)`, tx`select 2`, tx`select 3`]);
    });
    await expect(work).rejects.toMatchObject(ended);
    await isUsable();
  });

  it("keeps what a resting transaction does next from being done outside of it, however long it rested", async () => {
    await other.sql`create table if not exists written (n int)`;
    const work = database.sql.begin(async (tx) => {
      await terminate((await tx<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]!.pid);
      await pause(1_500);
      await tx`insert into written values (1)`;
    });
    const meanwhile = database.sql`select 1`.catch(() => undefined);
    await expect(work).rejects.toMatchObject(ended);
    await meanwhile;
    await isUsable();
    expect(await other.sql`select n from written`).toEqual([]);
  });

  it("rejects with a refusal whoever wants to connect, and nobody after them", async () => {
    const { name } = (await other.sql<{ name: string }[]>`select current_database() as name`)[0]!;
    const admin = connect(new URL("/postgres", test.url).href, { poolSize: 1 });
    const allow = (yes: boolean) =>
      admin.sql`alter database ${admin.sql(name)} allow_connections ${admin.sql.unsafe(String(yes))}`;
    // The session ends in the middle of a query, as when a server is killed.
    const sleeping = database.sql`select pg_sleep(60)`;
    const lost = expect(sleeping).rejects.toMatchObject(ended);
    await expect
      .poll(
        () => other.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = ${name} and pid <> pg_backend_pid() and query like 'select pg_sleep(60)%'`,
      )
      .toHaveLength(1);
    await lost;
    await allow(false);
    await pause(1_300);
    await expect(database.sql`select 1`).rejects.toMatchObject({ code: "55000" });
    await allow(true);
    await pause(1_300);
    expect(await database.sql`select 2 as n`).toEqual([{ n: 2 }]);
    await admin.close();
  });

  it("comes back although somebody always asks for it", async () => {
    const busy = connect(test.url, { poolSize: 2 });
    const ask = () => Promise.all(Array.from({ length: 4 }, () => busy.sql`select pg_sleep(0.005)`));
    await ask();
    await other.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'select pg_sleep%' and datname = current_database()`;
    const lostAt = performance.now();
    let ok = false;
    while (!ok && performance.now() - lostAt < 6_000) {
      await pause(20);
      ok = await ask().then(
        () => true,
        () => false,
      );
    }
    expect(performance.now() - lostAt).toBeLessThan(3_000);
    await busy.close();
  });

  it("connects anew when it was idle", async () => {
    await terminate(await pidOf(database.sql));
    await pause(1_300);
    expect(await pidOf(database.sql)).toBeGreaterThan(0);
  });

  it("ends promptly", async () => {
    const short = connect(test.url, { poolSize: 2 });
    await short.sql`select 1`;
    const start = performance.now();
    await short.close();
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});
