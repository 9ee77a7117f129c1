import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ensureBuilt } from "../build.mjs";
import { runNode } from "../command.mjs";
import { inRoot, ROOT } from "../paths.mjs";
import { freeLoopbackPort } from "../ports.mjs";
import { endProcess, identify } from "../processes.mjs";
import { findAge } from "./age.mjs";
import { ensureBrowser } from "./browser.mjs";
import { startScratchPostgres } from "./database.mjs";
import { countPlaywright, countVitest } from "./results.mjs";

const bin = (file) => inRoot("node_modules", file);
const NEXT = bin("next/dist/bin/next");

/** Checks of the sources: name and the Node programs that must all end well. */
const CHECKS = {
  types: [
    [NEXT, "typegen"],
    [bin("typescript/bin/tsc"), "-p", ".", "--noEmit"],
  ],
  lint: [
    [
      bin("eslint/bin/eslint.js"),
      ".",
      "--max-warnings=0",
      "--cache",
      "--cache-location=node_modules/.cache/eslint",
    ],
  ],
  format: [[bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."]],
  imports: [
    [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "--config", ".dependency-cruiser.cjs", ...layers()],
  ],
  "dead code": [[bin("knip/bin/knip.js"), "--no-progress"]],
};

function layers() {
  return ["app", "components", "db", "inngest", "lib"].filter((directory) =>
    fs.existsSync(inRoot(directory)),
  );
}

/**
 * The stages in their order. Each gets `{directory, say}` and answers with
 * `{passed, failed, notes?: string[], output?: string}`; passed and failed count tests, a check that fails counts as one.
 */
export const STAGES = {
  ...Object.fromEntries(Object.entries(CHECKS).map(([name, commands]) => [name, () => check(commands)])),
  unit: async ({ directory, say }) => vitest("unit", directory, await findAge(say)),
  build: async ({ say }) => {
    await ensureBuilt(say);
    return { passed: 0, failed: 0 };
  },
  integration: async ({ directory }) => {
    const postgres = await startScratchPostgres(path.join(directory, "integration"), { throwAway: true });
    try {
      return await vitest("integration", directory, { TEST_DATABASE_URL: postgres.adminUrl });
    } finally {
      await postgres.stop();
    }
  },
  e2e: endToEnd,
};

/** Stages that have nothing to do with each other and use one core each: two of them run at a time. */
export const CONCURRENT = new Set(Object.keys(CHECKS));

async function check(commands) {
  for (const command of commands) {
    const { status, output } = await runNode(command, {
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    });
    if (status !== 0) return { passed: 0, failed: 1, output };
  }
  return { passed: 0, failed: 0 };
}

async function vitest(project, directory, env) {
  const report = path.join(directory, `${project}.json`);
  const args = ["run", "--project", project, "--passWithNoTests=false"];
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const status = await runShown([bin("vitest/vitest.mjs"), ...args, ...reporters], env);
  return withStatus(countVitest(report), status);
}

async function endToEnd({ directory, say }) {
  const browser = await ensureBrowser(say);
  const port = await freeLoopbackPort();
  const dataDir = path.join(directory, "e2e");
  const ferry = await startFerry(port, dataDir);
  const report = path.join(directory, "e2e.json");
  try {
    const status = await runShown([bin("@playwright/test/cli.js"), "test", "--reporter=list,json"], {
      ...browser,
      FERRY_URL: `http://localhost:${port}`,
      FERRY_E2E_DATA_DIR: dataDir,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    });
    return withStatus(countPlaywright(report), status);
  } finally {
    await endProcess(identify(ferry.pid), [["SIGTERM", 40_000]]);
  }
}

/** The real thing, as a person starts it. Resolves when it says that it is ready. */
function startFerry(port, dataDir) {
  const env = { ...process.env, PORT: String(port), FERRY_DATA_DIR: dataDir, FERRY_ENV_FILE: "" };
  for (const name of ["DATABASE_URL", "INNGEST_BASE_URL", "INNGEST_DEV", "APP_URL"]) delete env[name];
  const child = spawn(process.execPath, [inRoot("scripts/start.mjs")], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        output += chunk;
        if (output.includes("Ferry is ready")) resolve(child);
      });
    }
    child.once("exit", () => reject(new Error(`Ferry did not start.\n${output}`)));
  });
}

// A runner that fails without a failed test (an unhandled error, a crash) has failed all the same.
function withStatus(count, status) {
  if (status === 0 || count.failed > 0) return count;
  return { ...count, failed: 1, notes: [`the test runner ended with ${status}`] };
}

/** Run a test runner with its output on the terminal. */
function runShown(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
