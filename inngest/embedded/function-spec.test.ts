import { describe, expect, it } from "vitest";
import { functionSpec } from "./function-spec";
import { planRun } from "./plan-run";

const base = {
  id: "app-fn",
  name: "fn",
  triggers: [{ event: "e" }],
  steps: { step: { id: "step", name: "step" } },
};
const event = { id: "1", name: "e", data: { user: "u", plan: "pro" }, ts: 0 };

describe("functionSpec", () => {
  it.each([
    ["batchEvents", { batchEvents: { maxSize: 2, timeout: "1s" } }],
    ["debounce", { debounce: { period: "1s" } }],
    ["throttle", { throttle: { limit: 1, period: "1s" } }],
    ["rateLimit", { rateLimit: { limit: 1, period: "1s" } }],
    ["singleton", { singleton: { mode: "skip" } }],
    ["timeouts", { timeouts: { finish: "1s" } }],
    ["scope", { concurrency: { limit: 1, scope: "account", key: "'x'" } }],
    ["wildcard", { triggers: [{ event: "app/*" }] }],
    ["jitter", { triggers: [{ cron: "* * * * *", jitter: "30s" }] }],
    ["cron expression", { triggers: [{ cron: "every day" }] }],
    ["expression", { idempotency: "event.data.(" }],
    ["expression", { priority: { run: "now()" } }],
    ["deferred", { triggers: [{ event: "inngest/deferred.schedule" }] }],
  ])("names the function and the option it refuses: %s", (word, option) => {
    expect(() => functionSpec({ ...base, ...option })).toThrow(new RegExp(`"app-fn".*${word}`));
  });

  it("counts attempts as retries and one, four without the option", () => {
    expect(functionSpec(base).attemptsMax).toBe(4);
    const steps = { step: { ...base.steps.step, retries: { attempts: 0 } } };
    expect(functionSpec({ ...base, steps }).attemptsMax).toBe(1);
  });
});

describe("planRun", () => {
  it("computes keys, priority and the time that a cancellation is valid for", () => {
    const spec = functionSpec({
      ...base,
      concurrency: [{ limit: 1, key: "event.data.user" }, { limit: 5 }],
      priority: { run: "event.data.plan == 'pro' ? 9999 : 0" },
      idempotency: "event.data.user",
      cancel: [{ event: "stop", if: "event.data.user == async.data.user", timeout: "1h" }],
    });
    const run = planRun(spec, event, {}, new Date(0));
    expect(run).toMatchObject({
      functionId: "app-fn",
      prioritySeconds: 600,
      concurrency: [
        { key: 'app-fn:0:"u"', limit: 1 },
        { key: "app-fn:1:", limit: 5 },
      ],
      onceKey: 'function:app-fn:"u"',
      cancelOn: [{ eventName: "stop", expiresAt: new Date(3_600_000) }],
    });
  });
});
