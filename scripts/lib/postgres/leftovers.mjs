import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { endProcess, identify, processStart } from "../processes.mjs";

/**
 * Make a data directory free to start on after a start that was killed: a server that still runs is stopped, its
 * stragglers too (a backend in the middle of a long query outlives its postmaster and would go on writing), and a
 * postmaster.pid of a process that is none any more is removed. PostgreSQL itself refuses while that process is a
 * zombie, or when its id was given to another program.
 */
export async function clearLeftoverServer(data) {
  const pidFile = path.join(data, "postmaster.pid");
  const pid = readPid(pidFile);
  if (pid !== undefined && isServerOf(data, pid)) {
    await endProcess(identify(pid), [
      ["SIGINT", 20_000],
      ["SIGQUIT", 5_000],
    ]);
  }
  for (const straggler of processesIn(data)) {
    await endProcess(identify(straggler), [["SIGQUIT", 2_000]]);
  }
  if (pid !== undefined) fs.rmSync(pidFile, { force: true });
}

function readPid(pidFile) {
  try {
    const pid = Number.parseInt(fs.readFileSync(pidFile, "utf8"), 10);
    return Number.isNaN(pid) ? undefined : Math.abs(pid);
  } catch {
    return undefined;
  }
}

function isServerOf(data, pid) {
  if (processStart(pid) === undefined) return false;
  if (process.platform === "linux") return workingDirectory(pid) === fs.realpathSync(data);
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(data);
  } catch {
    return false;
  }
}

// Every process of a server works in its data directory.
function processesIn(data) {
  if (process.platform !== "linux") return [];
  const directory = fs.realpathSync(data);
  const pids = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => processStart(pid) !== undefined && workingDirectory(pid) === directory);
}

function workingDirectory(pid) {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
