import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * When a process started, as a text that no later process with the same id shares; undefined when there is no such
 * process, or only its remains (a zombie that nobody has waited for looks alive to `kill -0`).
 */
export function processStart(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === "linux") {
    try {
      // The name in parentheses may hold spaces: the fields are counted from behind it.
      const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line.startsWith("Z") ? undefined : line.slice(line.indexOf(" ") + 1).trim();
  } catch {
    return undefined;
  }
}

/** A process named so that it is not mistaken for another one later. */
export const identify = (pid) => ({ pid, startedAt: processStart(pid) });

export const isAlive = (identity) =>
  identity?.startedAt !== undefined && processStart(identity.pid) === identity.startedAt;

/** Send a signal; false when there is no such process any more. */
function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Wait until a process has gone. @returns whether it has, within the time given */
export async function waitUntilGone(identity, timeoutMs) {
  const end = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Ask a process to end, with one signal after the other, each given its time; the last resort is SIGKILL. */
export async function endProcess(identity, steps) {
  for (const [name, graceMs] of steps) {
    if (!isAlive(identity)) return;
    signal(identity.pid, name);
    if (await waitUntilGone(identity, graceMs)) return;
  }
  if (!isAlive(identity)) return;
  signal(identity.pid, "SIGKILL");
  await waitUntilGone(identity, 5_000);
}
