/**
 * Many runs of the fault harness, one line each: `npm run faults -- --runs 200 --seed 1 [--fault hang]
 * [--at import:memo.stage]`. Ends with 1 when a run left anything but what was there before or what should be there.
 */
import { parseArgs } from "node:util";
import { FAULTS } from "./faults";
import { runScenario } from "./run";
import { describeScenario, drawScenario } from "./scenario";
import { createWorld } from "./world";

const say = (line: string) => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    fault: { type: "string" },
    at: { type: "string" },
    exactly: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const firstSeed = Number(values.seed);
const fault = FAULTS.find((kind) => kind === values.fault);
if (values.fault !== undefined && !fault) throw new Error(`--fault is one of ${FAULTS.join(", ")}`);

// A connection that is cut in the moment it asks for its types leaves a rejection that nobody could handle.
process.on("unhandledRejection", (error) => say(`  (left behind: ${String(error)})`));

const begun = Date.now();
const world = await createWorld();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void world.close().finally(() => process.exit(1)));
}
say(`full disk: ${world.disk.how ?? "NOT POSSIBLE HERE, left out"}`);
const verdicts = new Map<string, number>();
const failedSeeds: number[] = [];
try {
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const scenario = drawScenario(seed, { fault, label: values.at, exactly: values.exactly });
    if (scenario.fault.kind === "full-disk" && !world.disk.how) {
      verdicts.set("left out", (verdicts.get("left out") ?? 0) + 1);
      continue;
    }
    const { verdict, state, problems, seconds } = await runScenario(world, scenario);
    say(`${verdict.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${describeScenario(scenario)} → ${state}`);
    for (const problem of problems) say(`          ${problem.slice(0, 600)}`);
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    if (verdict === "failed") failedSeeds.push(seed);
  }
} finally {
  await world.close();
}
const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
say(`${runs} runs in ${((Date.now() - begun) / 60_000).toFixed(1)} min: ${counts}`);
if (failedSeeds.length > 0) say(`failed seeds: ${failedSeeds.join(" ")}`);
process.exit(failedSeeds.length > 0 ? 1 : 0);
