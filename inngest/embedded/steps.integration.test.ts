import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHarness, until, type Harness } from "./testing/harness";

/** Every operation that a function can ask for, through the real SDK. */
describe("steps", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
  });
  afterAll(() => harness.close());
  const on = (id: string) => ({ id, triggers: [{ event: id }] });

  it.each([true, false])(
    "runs each step once and returns the result (checkpointing %s)",
    async (checkpointing) => {
      const id = `steps-${checkpointing}`;
      const effects: string[] = [];
      const fn = harness.client.createFunction(
        { ...on(id), checkpointing },
        async ({ event, step, runId }) => {
          const a = await step.run("a", () => {
            effects.push("a");
            return { text: "ünï \u0000 \ud83d\ude00", x: (event.data as { x: number }).x };
          });
          const b = await step.run("b", () => {
            effects.push("b");
            return undefined;
          });
          const c = await step.run("b", () => effects.push("same name"));
          return { a, b, c, sameRun: runId.length > 0 };
        },
      );
      await harness.during([fn], async () => {
        await harness.client.send({ name: id, data: { x: 1 } });
        expect(await harness.ended(id)).toMatchObject({
          status: "completed",
          output: { a: { text: "ünï \u0000 \ud83d\ude00", x: 1 }, b: null, c: 3, sameRun: true },
        });
        expect(effects).toEqual(["a", "b", "same name"]);
      });
    },
  );

  it("sleeps for a duration and until a moment, and forgets nothing of before", async () => {
    const fn = harness.client.createFunction(on("sleep"), async ({ step }) => {
      const start = await step.run("start", () => Date.now());
      await step.sleep("nap", "1s");
      const middle = await step.run("middle", () => Date.now());
      await step.sleepUntil("until", new Date(middle + 1_000));
      const end = await step.run("end", () => Date.now());
      return [middle - start, end - middle];
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "sleep", data: {} });
      const { output } = await harness.ended("sleep");
      for (const ms of output as number[]) {
        expect(ms).toBeGreaterThanOrEqual(990);
        expect(ms).toBeLessThan(2_500);
      }
    });
  });

  it("waits for an event by match, by an expression, and until it times out", async () => {
    const fn = harness.client.createFunction(on("wait"), async ({ step }) => {
      const matched = await step.waitForEvent("m", { event: "reply", match: "data.id", timeout: "1m" });
      const expressed = await step.waitForEvent("i", {
        event: "reply",
        if: "async.data.n > event.data.n",
        timeout: "1m",
      });
      const missed = await step.waitForEvent("t", { event: "never", timeout: "1s" });
      return { matched: matched?.data as unknown, expressed: expressed?.data as unknown, missed };
    });
    await harness.during([fn], async () => {
      const waits = (n: number) =>
        until(async () => {
          const [row] = await harness.database
            .sql`select count(*)::int as n from engine.step where op = 'WaitForEvent'
            and run_id in (select id from engine.run where function_id = 'test-wait')`;
          return row?.n === n ? true : undefined;
        });
      await harness.client.send({ name: "wait", data: { id: "x", n: 5 } });
      await waits(1);
      await harness.client.send([
        { name: "reply", data: { id: "other" } },
        { name: "reply", data: { id: "x", first: true } },
      ]);
      await waits(2);
      await harness.client.send({ name: "reply", data: { n: 5 } });
      await harness.client.send({ name: "reply", data: { n: 6 } });
      expect(await harness.ended("wait")).toMatchObject({
        status: "completed",
        output: { matched: { id: "x", first: true }, expressed: { n: 6 }, missed: null },
      });
    });
    expect(await harness.database.sql`select 1 from engine.wait`).toHaveLength(0);
  });

  it("sends events from a step", async () => {
    const sender = harness.client.createFunction(on("send"), async ({ step }) => {
      const { ids } = await step.sendEvent("tell", [
        { name: "told", data: { n: 1 } },
        { name: "told", data: { n: 2 } },
      ]);
      return ids.length;
    });
    const heard: unknown[] = [];
    const hearer = harness.client.createFunction(
      { id: "hear", triggers: [{ event: "told", if: "event.data.n > 1" }] },
      ({ event }) => {
        heard.push(event.data);
      },
    );
    await harness.during([sender, hearer], async () => {
      await harness.client.send({ name: "send", data: {} });
      expect(await harness.ended("send")).toMatchObject({ output: 2 });
      await harness.ended("hear");
      expect(heard).toEqual([{ n: 2 }]);
    });
  });

  it("invokes functions: result, failure that can be caught, time-out", async () => {
    const double = harness.client.createFunction({ id: "double", triggers: [] }, async ({ event, step }) =>
      step.run("double", () => (event.data as { n: number }).n * 2),
    );
    const broken = harness.client.createFunction({ id: "broken", triggers: [], retries: 0 }, () => {
      throw new Error("broken inside");
    });
    const slow = harness.client.createFunction({ id: "slow", triggers: [] }, async ({ step }) => {
      await step.sleep("long", "1h");
    });
    const caught = (promise: Promise<unknown>) => promise.catch((error: Error) => error.message);
    const fn = harness.client.createFunction(on("invoke"), async ({ step }) => ({
      doubled: await step.invoke("ok", { function: double, data: { n: 21 } }),
      broken: await caught(step.invoke("bad", { function: broken, data: {} })),
      slow: await caught(step.invoke("slow", { function: slow, data: {}, timeout: "1s" })),
    }));
    await harness.during([double, broken, slow, fn], async () => {
      await harness.client.send({ name: "invoke", data: {} });
      expect(await harness.ended("invoke")).toMatchObject({
        status: "completed",
        output: {
          doubled: 42,
          broken: "broken inside",
          slow: expect.stringContaining("Timed out") as string,
        },
      });
    });
  });

  it("runs parallel steps at the same time and goes on when all are done", async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const fn = harness.client.createFunction(on("parallel"), async ({ step }) => {
      calls++;
      const one = (i: number) =>
        step.run(`p${i}`, async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 100));
          running--;
          return i;
        });
      const numbers = await Promise.all([one(1), one(2), one(3), step.sleep("s", "1s").then(() => 4)]);
      return step.run("sum", () => numbers.reduce((a, b) => a + b, 0));
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "parallel", data: {} });
      expect(await harness.ended("parallel")).toMatchObject({ status: "completed", output: 10 });
      expect(most).toBe(3);
      // One call that plans, three steps, one call when none is pending.
      expect(calls).toBe(5);
    });
  });

  it("goes on with the first of racing steps; the run ends when the others have too", async () => {
    const order: string[] = [];
    const fn = harness.client.createFunction(on("race"), async ({ step, group }) => {
      const winner = await group.parallel({ mode: "race" }, () =>
        Promise.race([
          step.sleep("slow", "2s").then(() => "slow"),
          step.run("quick", () => "quick"),
          step.waitForEvent("event", { event: "no such", timeout: "2s" }).then(() => "event"),
        ]),
      );
      return step.run("after", () => {
        order.push(winner);
        return `${winner} won`;
      });
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "race", data: {} });
      await until(() => order[0]);
      expect((await harness.runs("race"))[0]?.status).toBe("running");
      expect(await harness.ended("race")).toMatchObject({ status: "completed", output: "quick won" });
      expect(order).toEqual(["quick"]);
    });
    const left = await harness.database.sql`select 1 from engine.job where run_id in
      (select id from engine.run where function_id = 'test-race')`;
    expect(left).toHaveLength(0);
  });

  it("refuses an operation it does not have, and says which", async () => {
    const fn = harness.client.createFunction({ ...on("signal"), retries: 0 }, async ({ step }) => {
      await step.waitForSignal("s", { signal: "x", timeout: "1s", onConflict: "fail" });
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "signal", data: {} });
      const run = await harness.ended("signal");
      expect(run.status).toBe("failed");
      expect(JSON.stringify(run.output)).toContain("WaitForSignal");
    });
  });
});
