/**
 * Many runs of the fault harness, one line each: `npm run faults -- --runs 228 --seed 1`, where so many runs strike
 * with every fault at every moment once. Further options leave chance out of it, one choice each; a run that fails is
 * told with all of them. Ends with 1 when a run left anything but what was there before or what should be there.
 */
import { parseArgs } from "node:util";
import { KINDS } from "./data";
import { FAULTS } from "./faults";
import { runScenario } from "./run";
import { describeScenario, drawScenario, replayOf, ROUND, type Wanted } from "./scenario";
import { createWorld } from "./world";

const say = (line: string) => process.stdout.write(`${line}\n`);

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    runs: { ...text, default: String(ROUND) },
    seed: { ...text, default: "1" },
    fault: text,
    detail: text,
    ms: text,
    at: text,
    nth: text,
    later: text,
    kind: text,
    data: text,
  },
});
const runs = Number(values.runs);
const firstSeed = Number(values.seed);
const wanted: Wanted = {
  fault: oneOf(FAULTS, values.fault),
  kind: oneOf(KINDS, values.kind),
  detail: values.detail,
  ms: number(values.ms),
  at: values.at,
  nth: number(values.nth),
  laterMs: number(values.later),
  dataSeed: number(values.data),
};

function number(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function oneOf<T extends string>(choices: readonly T[], value: string | undefined): T | undefined {
  const choice = choices.find((one) => one === value);
  if (value !== undefined && choice === undefined)
    throw new Error(`${value} is none of ${choices.join(", ")}`);
  return choice;
}

// A connection that is cut in the moment it asks for its types leaves a rejection that nobody could handle.
process.on("unhandledRejection", (error) => {
  const { query } = error as { query?: string };
  say(`  (left behind: ${String(error)}${query ? ` of ${query.replace(/\s+/g, " ").slice(0, 80)}` : ""})`);
});

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
    const scenario = drawScenario(seed, wanted);
    if (scenario.fault.kind === "full-disk" && !world.disk.how) {
      verdicts.set("left out", (verdicts.get("left out") ?? 0) + 1);
      continue;
    }
    const { verdict, state, problems, seconds } = await runScenario(world, scenario);
    say(`${verdict.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${describeScenario(scenario)} → ${state}`);
    for (const problem of problems) say(`          ${problem.slice(0, 600)}`);
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    if (verdict === "failed") {
      say(`          again: ${replayOf(scenario)}`);
      failedSeeds.push(seed);
    }
  }
} finally {
  await world.close();
}
const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
say(`${runs} runs in ${((Date.now() - begun) / 60_000).toFixed(1)} min: ${counts}`);
if (failedSeeds.length > 0) say(`failed seeds: ${failedSeeds.join(" ")}`);
process.exit(failedSeeds.length > 0 ? 1 : 0);
