import { NonRetriableError, RetryAfterError } from "inngest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UnsupportedFunctionError } from "./function-spec";
import { createHarness, until, type Harness } from "./testing/harness";

describe("failures", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
  });
  afterAll(() => harness.close());
  const on = (id: string) => ({ id, triggers: [{ event: id }] });

  it("tries a step again, up to retries and one, and counts each step anew", async () => {
    const attempts: string[] = [];
    const failTwice = (name: string, attempt: number) => {
      attempts.push(`${name}${attempt}`);
      if (attempt < 2) throw new Error("not yet");
      return name;
    };
    const fn = harness.client.createFunction({ ...on("retry"), retries: 2 }, async ({ step, attempt }) => {
      const a = await step.run("a", () => failTwice("a", attempt));
      return a + (await step.run("b", () => failTwice("b", attempt)));
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "retry", data: {} });
      expect(await harness.ended("retry")).toMatchObject({ status: "completed", output: "ab" });
      expect(attempts).toEqual(["a0", "a1", "a2", "b0", "b1", "b2"]);
    });
  });

  it("tries planned parallel steps again, each on its own", async () => {
    const attempts: string[] = [];
    const fn = harness.client.createFunction(
      { ...on("retry-parallel"), retries: 1 },
      async ({ step, attempt }) => {
        const one = (name: string, fails: boolean) =>
          step.run(name, () => {
            attempts.push(`${name}${attempt}`);
            if (fails && attempt === 0) throw new Error("not yet");
            return name;
          });
        return (await Promise.all([one("a", true), one("b", false)])).join("");
      },
    );
    await harness.during([fn], async () => {
      await harness.client.send({ name: "retry-parallel", data: {} });
      expect(await harness.ended("retry-parallel")).toMatchObject({ status: "completed", output: "ab" });
      expect(attempts.sort()).toEqual(["a0", "a1", "b0"]);
    });
  });

  it("lets the function catch a step that has failed for good, and fails it otherwise", async () => {
    const tries = { last: 0, non: 0 };
    const fn = harness.client.createFunction({ ...on("caught"), retries: 1 }, async ({ step }) => {
      const last = await step
        .run("last", () => {
          tries.last++;
          throw new TypeError("always");
        })
        .catch((error: Error) => `${error.name}: ${error.message}`);
      const non = await step
        .run("non", () => {
          tries.non++;
          throw new NonRetriableError("never again");
        })
        .catch((error: Error) => error.message);
      const compensated = await step.run("compensate", () => "undone");
      await step.run("uncaught", () => {
        throw new NonRetriableError([last, non, compensated].join(", "));
      });
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "caught", data: {} });
      const run = await harness.ended("caught");
      expect(run.status).toBe("failed");
      expect((run.output as { error: Error }).error.message).toBe("TypeError: always, never again, undone");
      expect(tries).toEqual({ last: 2, non: 1 });
    });
  });

  it("waits as long as a RetryAfterError says, and by the backoff otherwise", async () => {
    const times: number[] = [];
    const asked: number[] = [];
    const fn = harness.client.createFunction({ ...on("after"), retries: 3 }, async ({ step, attempt }) => {
      await step.run("a", () => {
        times.push(Date.now());
        if (attempt === 0) throw new RetryAfterError("busy", 2_000);
        if (attempt === 1) throw new Error("ordinary");
      });
    });
    const options = {
      backoffMs: (attempt: number) => {
        asked.push(attempt);
        return 10;
      },
    };
    await harness.during(
      [fn],
      async () => {
        await harness.client.send({ name: "after", data: {} });
        expect((await harness.ended("after")).status).toBe("completed");
        // The SDK sends the moment as a date of whole seconds.
        expect(times[1]! - times[0]!).toBeGreaterThan(950);
        expect(times[1]! - times[0]!).toBeLessThan(4_000);
        expect(asked).toEqual([1]);
      },
      options,
    );
  });

  it("calls onFailure with the error and the event, and tells of the end", async () => {
    const failures: unknown[] = [];
    const ends: string[] = [];
    const fn = harness.client.createFunction(
      {
        ...on("failing"),
        retries: 0,
        onFailure: async ({ error, event, step }) => {
          await step.run("note", () => {
            failures.push({
              name: error.name,
              message: error.message,
              data: event.data.event.data as unknown,
            });
          });
        },
      },
      () => {
        throw new RangeError("out of range");
      },
    );
    const watcher = harness.client.createFunction(
      {
        id: "watcher",
        triggers: [{ event: "inngest/function.finished", if: "event.data.function_id == 'test-failing'" }],
      },
      ({ event }) => {
        ends.push((event.data as { _inngest: { status: string } })._inngest.status);
      },
    );
    await harness.during([fn, watcher], async () => {
      await harness.client.send({ name: "failing", data: { who: "me" } });
      expect((await harness.ended("failing")).status).toBe("failed");
      expect((await harness.ended("failing-failure")).status).toBe("completed");
      await until(() => ends[0]);
      expect(failures).toEqual([{ name: "RangeError", message: "out of range", data: { who: "me" } }]);
      expect(ends).toEqual(["Failed"]);
    });
  });

  it("fails the attempt of a step that hangs; a report that comes later is refused", async () => {
    let late: (() => void) | undefined;
    const effects: string[] = [];
    const fn = harness.client.createFunction({ ...on("hang"), retries: 1 }, async ({ step, attempt }) => {
      const a = await step.run("a", async () => {
        effects.push(`a${attempt}`);
        if (attempt === 0) await new Promise<void>((resolve) => (late = resolve));
        return attempt;
      });
      return step.run("b", () => {
        effects.push(`b after a${a}`);
        return a;
      });
    });
    await harness.during(
      [fn],
      async () => {
        await harness.client.send({ name: "hang", data: {} });
        expect(await harness.ended("hang")).toMatchObject({ status: "completed", output: 1 });
        late?.();
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(effects).toEqual(["a0", "a1", "b after a1"]);
        const steps = await harness.database.sql`select memo from engine.step
          where name = 'a' and run_id = (select id from engine.run where function_id = 'test-hang')`;
        expect(steps[0]?.memo).toEqual({ type: "data", data: 1 });
      },
      { stepSecondsMax: 1 },
    );
  });

  it("says that a function which reports a step of another version cannot go on", async () => {
    const fn = harness.client.createFunction({ ...on("gone"), retries: 0 }, async ({ step }) => {
      await step.invoke("x", {
        function: harness.client.createFunction({ id: "absent", triggers: [] }, () => 1),
        data: {},
      });
    });
    await harness.during([fn], async () => {
      await harness.client.send({ name: "gone", data: {} });
      const run = await harness.ended("gone");
      expect(JSON.stringify(run.output)).toContain('There is no function \\"test-absent\\"');
    });
  });

  it("refuses to start with a function that uses what it does not support", async () => {
    const fn = harness.client.createFunction(
      { ...on("limited"), rateLimit: { limit: 1, period: "1m" } },
      () => 1,
    );
    await expect(harness.start([fn])).rejects.toThrow(UnsupportedFunctionError);
    await expect(harness.start([fn])).rejects.toThrow(
      'function "test-limited": the option "rateLimit" is not supported',
    );
  });
});
