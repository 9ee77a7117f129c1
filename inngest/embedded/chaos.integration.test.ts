import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { enqueueEvents } from "@/db/engine/events";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { until } from "./testing/harness";
import { bundleWorker, spawnWorker, type WorkerProcess } from "./testing/processes";

const RUNS = 12;
const STEPS = ["a", "b", "p1", "p2", "p3", "c", "d"];
const KILLS = 8;

describe("workers that are killed", () => {
  let test: TestDatabase;
  let database: Database;
  let bundle: string;
  const workers = new Set<WorkerProcess>();
  const start = () => {
    const worker = spawnWorker(bundle, { DATABASE_URL: test.url });
    workers.add(worker);
    return worker;
  };
  const kill = async (worker: WorkerProcess) => {
    workers.delete(worker);
    await worker.kill();
  };

  beforeAll(async () => {
    bundle = await bundleWorker("inngest/embedded/testing/chaos-worker.ts");
    test = await createTestDatabase();
    database = connect(test.url, { poolSize: 2 });
    await database.sql`create table chaos_start (key text not null, pid int not null, at timestamptz not null default clock_timestamp())`;
    await database.sql`create table chaos_effect (key text primary key)`;
  });
  afterAll(async () => {
    await Promise.all([...workers].map(kill));
    await database.close();
    await test.drop();
  });

  it("lose no step and leave each effect once, however often they are killed", async () => {
    const { sql } = database;
    await Promise.all([start(), start(), start()].map((worker) => worker.ready));
    await enqueueEvents(
      sql,
      Array.from({ length: RUNS }, (_, run) => ({ name: "many", data: { run } })),
    );
    const completed = async () => {
      const [row] = await sql<{ n: number }[]>`
        select count(*)::int as n from engine.run where function_id = 'chaos-many' and status = 'completed'`;
      return row!.n;
    };
    let kills = 0;
    while (kills < KILLS && (await completed()) < RUNS) {
      await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 250));
      // One that holds leases, so that there is something to lose.
      const busy = await sql<{ pid: number }[]>`select pid from chaos_start order by at desc limit 1`;
      const victim = [...workers].find((worker) => worker.pid === busy[0]?.pid) ?? [...workers][0]!;
      await kill(victim);
      kills++;
      start();
    }
    await until(async () => ((await completed()) === RUNS ? true : undefined), 45_000);

    expect(kills).toBeGreaterThanOrEqual(3);
    const effects = await sql<{ key: string }[]>`select key from chaos_effect where key not like '% long'`;
    const expected = Array.from({ length: RUNS }, (_, run) => STEPS.map((step) => `${run} ${step}`)).flat();
    expect(effects.map((row) => row.key).sort()).toEqual(expected.sort());
    const memos = await sql<{ key: string }[]>`
      select memo->>'data' as key from engine.step s join engine.run r on r.id = s.run_id where r.function_id = 'chaos-many'`;
    expect(memos.map((row) => row.key).sort()).toEqual(expected);
    const [left] = await sql`select (select count(*) from engine.job where run_id is not null)::int as jobs,
      (select count(*) from engine.run where status <> 'completed')::int as runs`;
    expect(left).toEqual({ jobs: 0, runs: 0 });
  });

  it("have their work taken over within two seconds", async () => {
    const { sql } = database;
    await Promise.all([...workers].map(kill));
    await Promise.all([start(), start()].map((worker) => worker.ready));
    await enqueueEvents(sql, [{ name: "long", data: { run: 1 } }]);
    const starts = () =>
      sql<{ pid: number; at: Date }[]>`select pid, at from chaos_start where key = '1 long' order by at`;
    const first = await until(async () => (await starts())[0]);
    const killedAt = Date.now();
    await kill([...workers].find((worker) => worker.pid === first.pid)!);
    const again = await until(async () => (await starts())[1], 10_000);
    expect(again.pid).not.toBe(first.pid);
    expect(again.at.getTime() - killedAt).toBeLessThan(2_000);
    await until(async () =>
      (await sql`select 1 from chaos_effect where key = '1 long'`).length ? true : undefined,
    );
  });
});
