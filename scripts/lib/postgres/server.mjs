import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { rotate } from "../logs.mjs";
import { freeLoopbackPort } from "../ports.mjs";
import { endProcess, identify } from "../processes.mjs";
import { keepJson, randomText, writeJson } from "../private-files.mjs";
import { usableBinaries } from "./binaries.mjs";
import { APP_DATABASE, APP_ROLE, initialise } from "./initialise.mjs";
import { clearLeftoverServer } from "./leftovers.mjs";
import { asUser, choosePlace, giveTo } from "./place.mjs";
import { settingsFile } from "./settings.mjs";

const SLOW_START_MS = 5_000;

/**
 * Get the embedded server of a data directory ready to start: its place, its programs, its data and its port.
 * @param {string} dataDir  kept here: the passwords (`postgres.json`, owner only) and the log
 * @param {{throwAway?: boolean, log?: (line: string) => void}} options
 * @returns {Promise<{url: string, adminUrl: string, directory: string, start(): Promise<import("node:child_process").ChildProcess>}>}
 *   url: the application's database as its role; adminUrl: the superuser; start: may be called again after the
 *   process has gone, and resolves when connections are accepted
 */
export async function preparePostgres(dataDir, options = {}) {
  const log = options.log ?? (() => undefined);
  fs.mkdirSync(path.join(dataDir, "logs"), { recursive: true });
  const place = choosePlace(dataDir);
  const native = usableBinaries(place);
  const secretsFile = path.join(dataDir, "postgres.json");
  const secrets = keepJson(secretsFile, () => ({ superuser: randomText(), app: randomText() }));
  if (!fs.existsSync(path.join(place.directory, "data"))) log("Creating the database …");
  const data = initialise({ place, native, passwords: secrets, quick: options.throwAway });
  await clearLeftoverServer(data);
  // The same port as last time where it is free: a connection string that somebody noted goes on working.
  const port = await freeLoopbackPort(secrets.port);
  if (port !== secrets.port) writeJson(secretsFile, { ...secrets, port });

  const url = (user, password, database) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const logFile = rotate(path.join(dataDir, "logs"), "postgres");
  return {
    url: url(APP_ROLE, secrets.app, APP_DATABASE),
    adminUrl: url("postgres", secrets.superuser, "postgres"),
    directory: place.directory,
    async start() {
      await clearLeftoverServer(data);
      const settings = path.join(data, "ferry.conf");
      fs.writeFileSync(settings, settingsFile(data, options));
      giveTo(place, settings);
      const child = spawnServer({ place, native, data, port, logFile });
      await untilReady(child, data, log, logFile);
      return child;
    },
  };
}

/** Stop the server: open transactions are rolled back and everything is written. */
export async function stopPostgres(child) {
  await endProcess(identify(child.pid), [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
  ]);
}

function spawnServer({ place, native, data, port, logFile }) {
  const logFd = fs.openSync(logFile, "a", 0o600);
  const child = spawn(path.join(native, "bin/postgres"), ["-D", data, "-c", `port=${port}`], {
    cwd: place.directory,
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", logFd, logFd],
    // Its own process group: Ctrl+C reaches the supervisor alone, which stops the server last.
    detached: true,
    ...asUser(place),
  });
  fs.closeSync(logFd);
  if (child.pid !== undefined) stopWithUs(child);
  return child;
}

// PostgreSQL does not notice that we were killed; this shell does, because the pipe that it reads from closes.
function stopWithUs(child) {
  const watcher = spawn("/bin/sh", ["-c", 'read -r _; kill -INT "$1"', "sh", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  watcher.unref();
  watcher.stdin.unref?.();
  // Once it has gone, its process id may be given to somebody else.
  child.once("exit", () => watcher.kill("SIGKILL"));
}

async function untilReady(child, data, log, logFile) {
  let ended;
  child.once("exit", (code, signal) => (ended = signal ?? `exit code ${code}`));
  child.once("error", (error) => (ended = error.message));
  const begun = Date.now();
  let told = false;
  // No time limit: after a crash it first replays its log, which takes as long as it takes.
  while (!isReady(path.join(data, "postmaster.pid"), child.pid)) {
    if (ended !== undefined) {
      const lines = fs.readFileSync(logFile, "utf8").trim().split("\n").slice(-8);
      throw new Error(`PostgreSQL did not start (${ended}).\n${lines.join("\n")}`);
    }
    if (!told && Date.now() - begun > SLOW_START_MS) {
      log("PostgreSQL is recovering from an unclean stop …");
      told = true;
    }
    await sleep(20);
  }
}

// The eighth line of the file is the state that the postmaster itself reports.
function isReady(pidFile, pid) {
  try {
    const lines = fs.readFileSync(pidFile, "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}
