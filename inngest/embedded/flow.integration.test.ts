import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enqueueEvents } from "@/db/engine/events";
import { pruneHistory } from "@/db/engine/prune";
import { createHarness, until, type Harness } from "./testing/harness";

const dataOf = (event: { data: unknown }) => event.data as Record<string, unknown>;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("which runs there are, and when", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
  });
  afterAll(() => harness.close());
  const on = (id: string) => ({ id, triggers: [{ event: id }] });
  const allEnded = (id: string, count: number) =>
    until(async () => {
      const runs = await harness.runs(id);
      return runs.length === count && runs.every((run) => run.status !== "running") ? runs : undefined;
    });

  it("keeps to the concurrency of each key", async () => {
    const running = new Map<string, number>();
    const most = new Map<string, number>();
    const fn = harness.client.createFunction(
      { ...on("limited"), concurrency: [{ key: "event.data.key", limit: 1 }, { limit: 2 }] },
      async ({ event, step }) => {
        const key = dataOf(event).key as string;
        await step.run("work", async () => {
          for (const k of [key, "all"]) {
            running.set(k, (running.get(k) ?? 0) + 1);
            most.set(k, Math.max(most.get(k) ?? 0, running.get(k)!));
          }
          await pause(60);
          for (const k of [key, "all"]) running.set(k, running.get(k)! - 1);
        });
      },
    );
    await harness.during(
      [fn],
      async () => {
        const keys = ["a", "a", "b", "c", "a", "b"];
        await harness.client.send(keys.map((key) => ({ name: "limited", data: { key } })));
        await allEnded("limited", keys.length);
        expect(Object.fromEntries(most)).toEqual({ a: 1, b: 1, c: 1, all: 2 });
      },
      { slots: 6 },
    );
  });

  it("starts runs of a higher priority first", async () => {
    const order: number[] = [];
    const fn = harness.client.createFunction(
      { ...on("priority"), priority: { run: "event.data.urgent ? 120 : 0" } },
      ({ event }) => {
        order.push(dataOf(event).n as number);
      },
    );
    const events = [1, 2, 3, 4].map((n) => ({ name: "priority", data: { n, urgent: n > 2 } }));
    // Blocks the only slot until all runs are queued.
    const blocker = harness.client.createFunction(on("blocker"), async () => {
      await harness.client.send(events);
      await until(async () => ((await harness.runs("priority")).length === 4 ? true : undefined));
    });
    await harness.during(
      [fn, blocker],
      async () => {
        await harness.client.send({ name: "blocker", data: {} });
        await allEnded("priority", 4);
        expect(order.slice(0, 2).sort()).toEqual([3, 4]);
      },
      { slots: 1 },
    );
  });

  it("cancels by an event that matches, between steps, and tells of it", async () => {
    const effects: string[] = [];
    const cancelled: string[] = [];
    const fn = harness.client.createFunction(
      { ...on("cancel"), cancelOn: [{ event: "cancel/stop", match: "data.id" }] },
      async ({ event, step }) => {
        const id = dataOf(event).id as string;
        await step.run("before", () => effects.push(`${id} before`));
        await step.sleep("s", id === "sleeps" ? "1h" : "1s");
        await step.run("busy", async () => {
          effects.push(`${id} busy`);
          await until(() => (cancelled.length > 1 ? true : undefined));
        });
        await step.run("after", () => effects.push(`${id} after`));
      },
    );
    const watcher = harness.client.createFunction(on("inngest/function.cancelled"), ({ event }) => {
      cancelled.push((event.data as { event: { data: { id: string } } }).event.data.id);
    });
    await harness.during([fn, watcher], async () => {
      await harness.client.send(["sleeps", "works"].map((id) => ({ name: "cancel", data: { id } })));
      await until(() => (effects.includes("works busy") ? true : undefined));
      await harness.client.send({ name: "cancel/stop", data: { id: "someone else" } });
      await harness.client.send(["sleeps", "works"].map((id) => ({ name: "cancel/stop", data: { id } })));
      const runs = await allEnded("cancel", 2);
      expect(runs.map((run) => run.status)).toEqual(["cancelled", "cancelled"]);
      await until(() => (cancelled.length === 2 ? true : undefined));
      await pause(300);
      expect(effects.sort()).toEqual(["sleeps before", "works before", "works busy"]);
    });
  });

  it("acts once on an event id, and once on what idempotency names", async () => {
    const seen: unknown[] = [];
    const byId = harness.client.createFunction(on("once"), ({ event }) => void seen.push(dataOf(event).n));
    const byKey = harness.client.createFunction(
      { ...on("keyed"), idempotency: "event.data.key" },
      ({ event }) => void seen.push(dataOf(event).n),
    );
    await harness.during([byId, byKey], async () => {
      const first = await harness.client.send({ id: "same", name: "once", data: { n: 1 } });
      const second = await harness.client.send({ id: "same", name: "once", data: { n: 2 } });
      expect(second.ids).toEqual(first.ids);
      await harness.client.send([
        { name: "keyed", data: { key: "k", n: 3 } },
        { name: "keyed", data: { key: "k", n: 4 } },
        { name: "keyed", data: { key: "l", n: 5 } },
      ]);
      await allEnded("once", 1);
      await allEnded("keyed", 2);
      await pause(200);
      // Which of the two with key k comes first is open.
      expect(seen.map((n) => (n === 4 ? 3 : n)).sort()).toEqual([1, 3, 5]);
    });
  });

  it("sends an event with the change that it tells of, or not at all", async () => {
    const fn = harness.client.createFunction(on("outbox"), ({ event }) => dataOf(event).n as number);
    await harness.during([fn], async () => {
      const { sql } = harness.database;
      await expect(
        sql.begin(async (tx) => {
          await enqueueEvents(tx, [{ name: "outbox", data: { n: 1 } }]);
          throw new Error("rolled back");
        }),
      ).rejects.toThrow("rolled back");
      await sql.begin((tx) => enqueueEvents(tx, [{ name: "outbox", data: { n: 2, text: "\u0000" } }]));
      await enqueueEvents(sql, [{ name: "outbox", data: { n: 3 } }], "seed");
      await enqueueEvents(sql, [{ name: "outbox", data: { n: 3 } }], "seed");
      expect((await allEnded("outbox", 2)).map((run) => run.output).sort()).toEqual([2, 3]);
    });
  });

  it("fires a tick of a schedule once and queues the next", async () => {
    const ticks: unknown[] = [];
    const fn = harness.client.createFunction(
      { id: "cron", triggers: [{ cron: "*/5 * * * *" }] },
      ({ event }) => {
        ticks.push(event.data);
      },
    );
    await harness.during([fn], async () => {
      const { sql } = harness.database;
      // Two workers that armed the same tick, and one that comes back to it: it is one job, and acts once.
      const [armed] = await sql`update engine.job set due_at = now() where kind = 'cron' returning key`;
      await sql`select pg_notify('ferry_engine', '')`;
      await allEnded("cron", 1);
      const next = await until(async () => {
        const jobs = await sql`select key, due_at > now() as later from engine.job where kind = 'cron'`;
        return jobs.length === 1 ? jobs[0] : undefined;
      });
      expect(next.later).toBe(true);
      await sql`delete from engine.job where kind = 'cron'`;
      await sql`insert into engine.job (kind, key, due_at) values ('cron', ${armed!.key as string}, now())`;
      await sql`select pg_notify('ferry_engine', '')`;
      await pause(500);
      expect(ticks).toEqual([{ cron: "*/5 * * * *" }]);
    });
  });

  it("removes what ended long ago and nothing else", async () => {
    const { sql } = harness.database;
    const fn = harness.client.createFunction(on("old"), async ({ event, step }) => {
      await step.run("a", () => 1);
      if (dataOf(event).waits) await step.sleep("long", "1h");
    });
    await harness.during([fn], async () => {
      await harness.client.send([
        { name: "old", data: { waits: false } },
        { name: "old", data: { waits: true } },
      ]);
      await until(async () => {
        const [row] =
          await sql`select count(*)::int as n from engine.step where name = 'long' and seq is null`;
        return row?.n === 1 && (await harness.runs("old")).some((run) => run.status === "completed")
          ? true
          : undefined;
      });
    });
    await sql`update engine.run set ended_at = ended_at - interval '8 days'`;
    await sql`update engine.event set received_at = received_at - interval '8 days'`;
    await sql`update engine.once set expires_at = expires_at - interval '2 days'`;
    expect((await pruneHistory(sql, 7)).runs).toBeGreaterThan(0);
    expect((await harness.runs("old")).map((run) => run.status)).toEqual(["running"]);
    const [left] =
      await sql`select (select count(*) from engine.event)::int as events, (select count(*) from engine.once)::int as once`;
    expect(left).toEqual({ events: 1, once: 0 });
  });
});
