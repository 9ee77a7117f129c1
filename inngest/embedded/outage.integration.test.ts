import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHarness, until, type Harness } from "./testing/harness";
import { createProxy, type Proxy } from "./testing/proxy";

const OUTAGE_MS = 10_000;

describe("a database whose disk is full", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
    // What a sequence counts stays counted, though the transaction is taken back.
    await harness.database.sql.unsafe(`
      create sequence refused;
      create function no_room() returns trigger language plpgsql as $$ begin
        perform nextval('refused');
        raise exception 'could not extend file' using errcode = '53100'; end $$`);
  });
  afterAll(() => harness.close());

  // More refusals than there are while somebody else tries: the SDK, and the dispatcher of jobs.
  it.each([
    [["step"], 12],
    [["event"], 12],
    [["step", "job"], 50],
  ])(
    "loses nothing of what cannot be written to %j, and has it told as soon as there is room",
    async (tables, refusals) => {
      const { sql } = harness.database;
      await sql`alter sequence refused restart`;
      const id = `full-${tables.join("-")}`;
      let done = 0;
      const fn = harness.client.createFunction({ id, triggers: [{ event: id }] }, async ({ step }) => {
        await step.run("first", async () => {
          done++;
          await sql.begin(async (tx) => {
            for (const table of tables)
              await tx.unsafe(`create trigger full_disk before insert or update or delete on engine.${table}
                for each statement execute function no_room()`);
          });
        });
        await step.sendEvent("tell", { name: `${id}-told`, data: {} });
        return step.run("second", () => ++done);
      });
      // A lease runs out after a quarter of an hour: nobody waits so long here.
      await harness.during([fn], async () => {
        await harness.client.send({ name: id, data: {} });
        await until(async () => (await sql`select 1 from refused where last_value >= ${refusals}`)[0]);
        for (const table of tables) await sql.unsafe(`drop trigger full_disk on engine.${table}`);
        expect(await harness.ended(id)).toMatchObject({ status: "completed", output: 2 });
        expect(done).toBe(2);
      });
    },
  );
});

describe("a database that is away for ten seconds", () => {
  let harness: Harness;
  let proxy: Proxy;
  beforeAll(async () => {
    harness = await createHarness();
    proxy = await createProxy(harness.database.url);
  });
  afterAll(async () => {
    await harness.close();
    await proxy.close();
  });

  it("loses no step: what ran meanwhile is reported afterwards, what waits goes on", async () => {
    const effects: string[] = [];
    const { client } = harness;
    const busy = client.createFunction({ id: "busy", triggers: [{ event: "go" }] }, async ({ step }) => {
      await step.run("before", () => effects.push("before"));
      await step.run("during", async () => {
        effects.push("during");
        await until(() => (effects.includes("mended") ? true : undefined), 20_000);
      });
      return step.run("after", () => effects.filter((effect) => effect !== "nap over"));
    });
    const napping = client.createFunction(
      { id: "napping", triggers: [{ event: "go" }] },
      async ({ step }) => {
        await step.sleep("nap", "3s");
        return step.run("over", () => effects.push("nap over"));
      },
    );
    const engine = await harness.start([busy, napping], { databaseUrl: proxy.url });
    await client.send({ name: "go", data: {} });
    await until(() => (effects.includes("during") ? true : undefined));
    await proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS / 2));
    const sent = client.send({ name: "go again", data: {} });
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS / 2));
    effects.push("mended");
    await proxy.mend();

    expect(await harness.ended("busy")).toMatchObject({ status: "completed" });
    expect(await harness.ended("napping")).toMatchObject({ status: "completed" });
    expect((await sent).ids).toHaveLength(1);
    expect(effects.filter((effect) => effect === "before")).toHaveLength(1);
    expect(effects.filter((effect) => effect === "nap over")).toHaveLength(1);
    const [left] = await harness.database.sql`select (select count(*) from engine.worker)::int as workers,
      (select count(*) from engine.job where run_id is not null)::int as jobs`;
    expect(left).toEqual({ workers: 1, jobs: 0 });
    await engine.stop(1_000);
    expect(await harness.database.sql`select 1 from engine.worker`).toHaveLength(0);
  });
});
