/**
 * Many runs of the fault harness, one line each: `npm run faults -- --of imports --runs 228 --seed 1`, where so many runs
 * strike with every fault at every moment once; `--of backups` and `--of restores` have rounds of their own, and without
 * it all rounds are gone through. Further options leave chance out of it, one choice each; a run that fails is
 * told with all of them. Ends with 1 when a run left anything but what was there before or what should be there.
 */
import { parseArgs } from "node:util";
import { runBackupScenario } from "./backups/run";
import {
  BACKUP_ROUND,
  describeBackupScenario,
  drawBackupScenario,
  replayOfBackups,
} from "./backups/scenario";
import type { Wanted } from "./draw";
import { FAULTS } from "./faults";
import type { Outcome } from "./played";
import { runRestoreScenario } from "./restores/run";
import {
  describeRestoreScenario,
  drawRestoreScenario,
  replayOfRestores,
  RESTORE_ROUND,
} from "./restores/scenario";
import { runScenario } from "./run";
import { describeScenario, drawScenario, replayOf, ROUND } from "./scenario";
import { createWorld } from "./world";

const ROUNDS = { imports: ROUND, backups: BACKUP_ROUND, restores: RESTORE_ROUND };
const SUBJECTS = ["imports", "backups", "restores"] as const;

const say = (line: string) => process.stdout.write(`${line}\n`);

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    of: text,
    runs: text,
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
const subjects = values.of === undefined ? SUBJECTS : [oneOf(SUBJECTS, values.of) ?? "imports"];
const firstSeed = Number(values.seed);
const wanted: Wanted = {
  fault: oneOf(FAULTS, values.fault),
  kind: values.kind,
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
const failedSeeds: string[] = [];
let count = 0;
try {
  for (const subject of subjects) {
    const runs = number(values.runs) ?? ROUNDS[subject];
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) await runOne(subject, seed);
  }
} finally {
  await world.close();
}
const counts = [...verdicts].map(([verdict, times]) => `${times} ${verdict}`).join(", ");
say(`${count} runs in ${((Date.now() - begun) / 60_000).toFixed(1)} min: ${counts}`);
if (failedSeeds.length > 0) say(`failed seeds: ${failedSeeds.join(", ")}`);
process.exit(failedSeeds.length > 0 ? 1 : 0);

/** What a seed stands for: the run itself, what it is in words, and the command that does it again. */
function drawn(subject: (typeof SUBJECTS)[number], seed: number) {
  if (subject === "backups") {
    const scenario = drawBackupScenario(seed, wanted);
    const words = [describeBackupScenario(scenario), replayOfBackups(scenario)] as const;
    return { scenario, words, run: () => runBackupScenario(world, scenario) };
  }
  if (subject === "restores") {
    const scenario = drawRestoreScenario(seed, wanted);
    const words = [describeRestoreScenario(scenario), replayOfRestores(scenario)] as const;
    return { scenario, words, run: () => runRestoreScenario(world, scenario) };
  }
  const scenario = drawScenario(seed, wanted);
  const words = [describeScenario(scenario), replayOf(scenario)] as const;
  return { scenario, words, run: () => runScenario(world, scenario) };
}

async function runOne(subject: (typeof SUBJECTS)[number], seed: number): Promise<void> {
  const { scenario, words, run } = drawn(subject, seed);
  count++;
  if (scenario.fault.kind === "full-disk" && !world.disk.how) return tally("left out");
  const { verdict, state, problems, seconds } = await run();
  say(`${verdict.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${words[0]} → ${state}`);
  for (const problem of problems) say(`          ${problem.slice(0, 600)}`);
  tally(verdict);
  if (verdict !== "failed") return;
  say(`          again: ${words[1]}`);
  failedSeeds.push(`${subject} ${seed}`);
}

function tally(verdict: Outcome["verdict"] | "left out"): void {
  verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
}
