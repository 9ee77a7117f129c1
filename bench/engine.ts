/**
 * Milliseconds per step of the embedded engine, with checkpointing and without, one after the other and in parallel.
 * Run: TEST_DATABASE_URL=postgres://… node --import tsx bench/engine.ts   (makes a database of its own, and removes it)
 */
import { performance } from "node:perf_hooks";
import { createHarness, until } from "../inngest/embedded/testing/harness";

const STEPS = 100;
const RUNS = 8;
const GOAL_MS = 8;

const harness = await createHarness();
const ends = new Map<string, number>();

function stepsFunction(id: string, checkpointing: boolean, kind: "sequential" | "parallel") {
  return harness.client.createFunction(
    { id, triggers: [{ event: id }], checkpointing },
    async ({ step, runId }) => {
      const one = (i: number) => step.run(`step ${i}`, () => i);
      if (kind === "parallel") await Promise.all(Array.from({ length: STEPS }, (_, i) => one(i)));
      else for (let i = 0; i < STEPS; i++) await one(i);
      ends.set(runId, performance.now());
      return STEPS;
    },
  );
}

const cases = [
  { name: "checkpointing, one run", id: "checkpointed", checkpointing: true, kind: "sequential", runs: 1 },
  {
    name: `checkpointing, ${RUNS} runs at once`,
    id: "checkpointed",
    checkpointing: true,
    kind: "sequential",
    runs: RUNS,
  },
  { name: "no checkpointing, one run", id: "plain", checkpointing: false, kind: "sequential", runs: 1 },
  {
    name: `no checkpointing, ${RUNS} runs at once`,
    id: "plain",
    checkpointing: false,
    kind: "sequential",
    runs: RUNS,
  },
  { name: "parallel steps, one run", id: "parallel", checkpointing: true, kind: "parallel", runs: 1 },
] as const;

await harness.start([
  stepsFunction("checkpointed", true, "sequential"),
  stepsFunction("plain", false, "sequential"),
  stepsFunction("parallel", true, "parallel"),
]);

async function measure(id: string, runs: number): Promise<number> {
  const before = (await harness.runs(id)).length;
  const start = performance.now();
  await harness.client.send(Array.from({ length: runs }, () => ({ name: id, data: {} })));
  await until(async () => {
    const ended = (await harness.runs(id)).filter((run) => run.status === "completed").length;
    return ended === before + runs ? true : undefined;
  }, 120_000);
  return performance.now() - start;
}

const rows = [];
for (const { name, id, runs } of cases) {
  await measure(id, 1);
  const ms = await measure(id, runs);
  rows.push({
    case: name,
    steps: STEPS * runs,
    "total ms": Math.round(ms),
    "ms per step": Number((ms / STEPS / runs).toFixed(2)),
  });
}
console.table(rows);
const worst = rows[0]!["ms per step"];
console.log(
  `Goal: at most ${GOAL_MS} ms per step with checkpointing: ${worst <= GOAL_MS ? "met" : "MISSED"} (${worst})`,
);
await harness.close();
