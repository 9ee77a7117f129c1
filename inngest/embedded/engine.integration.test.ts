import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHarness, type Harness } from "./testing/harness";

describe("the embedded engine", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await createHarness();
  });
  afterAll(() => harness.close());

  it("runs steps once each and returns the function's result", async () => {
    const effects: string[] = [];
    const fn = harness.client.createFunction(
      { id: "steps", triggers: [{ event: "steps" }] },
      async ({ event, step }) => {
        const a = await step.run("a", () => {
          effects.push("a");
          return { got: event.data.x as number };
        });
        const b = await step.run("b", () => {
          effects.push("b");
          return a.got + 1;
        });
        await step.sleep("nap", "1s");
        return step.run("c", () => {
          effects.push("c");
          return b + 1;
        });
      },
    );
    await harness.start([fn]);
    await harness.client.send({ name: "steps", data: { x: 1 } });
    const run = await harness.ended("steps");
    expect(run).toMatchObject({ status: "completed", output: 3 });
    expect(effects).toEqual(["a", "b", "c"]);
  });
});
