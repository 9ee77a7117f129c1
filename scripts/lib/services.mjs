import { spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runNode } from "./command.mjs";
import { GUARD_URL, guardedEnv, inRoot, ROOT } from "./paths.mjs";
import { endProcess, identify } from "./processes.mjs";
import { processLog } from "./logs.mjs";
import { supervise } from "./supervise.mjs";

const NEXT = inRoot("node_modules/next/dist/bin/next");
const TSX = inRoot("node_modules/tsx/dist/cli.mjs");

/**
 * V8 lets garbage grow to several times what is in use. Told to collect when 40 MB are old, then whenever they have
 * grown by 40 %, the worker stays flat from import to import. Smaller semi-spaces, too, cost half as much CPU again and
 * save nothing: what dies young grows old in them (bench/README.md).
 */
const WORKER_FLAGS = JSON.parse(fs.readFileSync(inRoot("scripts/lib/worker-flags.json"), "utf8"));

/** Command lines of Ferry's processes. The guard ends each of them when the supervisor has gone. */
const COMMANDS = {
  production: {
    web: ({ port, host }) => [NEXT, "start", "-p", String(port), ...(host ? ["-H", host] : [])],
    worker: () => ["--enable-source-maps", ...WORKER_FLAGS, inRoot("dist/worker.mjs")],
    prepare: () => ["--enable-source-maps", inRoot("dist/prepare-database.mjs")],
  },
  development: {
    web: ({ port, host }) => [NEXT, "dev", "-p", String(port), ...(host ? ["-H", host] : [])],
    worker: () => [TSX, "watch", "--clear-screen=false", inRoot("inngest/worker.ts")],
    prepare: () => ["--import", "tsx", inRoot("scripts/prepare-database.ts")],
  },
};

/** How long a process may take to finish what it is doing: a page, a step of a job. */
const GRACE_MS = { web: 4_000, worker: 12_000 };

/**
 * Run web or worker until they are told to stop. Their output goes to a log file of their own.
 * @param {"web" | "worker"} name
 * @returns what `supervise` returns, and `tail()` with the newest lines of the log
 */
export async function runService(name, { mode, env, port, host, logDirectory, log, onChange }) {
  const output = processLog(logDirectory, name, log);
  const args = ["--import", GUARD_URL, ...COMMANDS[mode][name]({ port, host })];
  const service = await supervise({
    name,
    log,
    onChange,
    start: () => {
      const child = spawn(process.execPath, args, {
        cwd: ROOT,
        env: guardedEnv({ ...env, FERRY_PROCESS: name }),
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        // Its own process group: Ctrl+C reaches the supervisor alone, which stops everything in order.
        detached: true,
      });
      output.attach(child);
      return spawned(child);
    },
    stop: (child) => endProcess(identify(child.pid), [["SIGTERM", GRACE_MS[name]]]),
  });
  return { ...service, tail: output.tail };
}

function spawned(child) {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child));
    child.once("error", reject);
  });
}

/** Migrate the database, and make the demo account where there is to be one. @throws Error with what went wrong */
export async function prepareDatabase({ mode, env, signal }) {
  const { status, output } = await runNode(COMMANDS[mode].prepare(), { env, signal });
  if (status !== 0) throw new Error(`The database could not be prepared.\n${output}`);
}

/** Wait until the web process answers. @throws Error when it has not after `timeoutMs` */
export async function untilHealthy(port, host, timeoutMs, signal) {
  const address = !host || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}/healthz`;
  const end = Date.now() + timeoutMs;
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > end) throw new Error(`The web process does not answer at ${url}.`);
    await sleep(50);
  }
}
