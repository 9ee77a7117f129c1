import { Inngest, NonRetriableError } from "inngest";
import { format, resolveConfig } from "prettier";
import { expect, it } from "vitest";
import { recordConversation } from "./testing/recording";
import { EMBEDDED_BASE_URL } from "./transport";

const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * What the SDK registers and answers, against what it did when the engine was written. A difference after an upgrade
 * of the SDK is a change of the protocol: read it, change the engine if need be, then update the recording (vitest -u).
 */
it("speaks the recorded protocol", async () => {
  const make = (fetch: typeof globalThis.fetch) => {
    const client = new Inngest({
      id: "app",
      isDev: false,
      aiMetadata: false,
      logger,
      baseUrl: EMBEDDED_BASE_URL,
      eventKey: "key",
      signingKey: "signkey-prod-00",
      fetch,
    });
    const child = client.createFunction({ id: "child", triggers: [] }, () => "child");
    const recorded = client.createFunction(
      {
        id: "recorded",
        retries: 1,
        triggers: [{ event: "recorded", if: "event.data.n > 0" }, { cron: "TZ=Europe/Vienna 0 4 * * *" }],
        concurrency: [{ limit: 1, key: "event.data.n" }],
        priority: { run: "event.data.n" },
        idempotency: "event.data.n",
        cancelOn: [{ event: "stop", match: "data.n", timeout: "1h" }],
        onFailure: silent,
      },
      async ({ step, attempt }) => {
        await step.run("checkpointed", () => ({ ok: true }));
        await step.sleep("nap", "90m");
        await step.sleepUntil("until", new Date(0));
        const reply = await step.waitForEvent("reply", { event: "reply", match: "data.n", timeout: "2m" });
        await step.invoke("child", { function: child, data: { n: 2 }, timeout: "5m" });
        await Promise.all([step.run("left", () => "left"), step.run("right", () => reply?.data as unknown)]);
        await step.run("flaky", () => {
          if (attempt === 0) throw new Error("first time");
          return attempt;
        });
        await step.sendEvent("tell", { name: "told", data: {} });
        await step
          .run("doomed", () => {
            throw new NonRetriableError("never");
          })
          .catch(silent);
        await step.run("second of a call", () => 1);
        throw new NonRetriableError("the end");
      },
    );
    return { client, functions: [child, recorded] };
  };
  const conversation = await recordConversation(make, "app-recorded", {
    reply: { type: "data", data: { name: "reply", data: { n: 1 } } },
    child: { type: "data", data: "child" },
  });
  expect(conversation.exchanges.at(-1)?.answer.status).toBe(400);
  const options = await resolveConfig("conversation.json");
  const recording = await format(JSON.stringify(conversation), { ...options, parser: "json" });
  await expect(recording).toMatchFileSnapshot("testing/conversation.json");
});
