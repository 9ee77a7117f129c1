import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { endProcess, identify, isAlive, waitUntilGone } from "./processes.mjs";

/** Another Ferry already runs on this data directory. */
class AlreadyRunningError extends Error {
  constructor(run) {
    const where = run.url ? ` at ${run.url}` : " (it is still starting)";
    super(`Ferry already runs on this data directory${where}, process ${run.supervisor.pid}.`);
    this.name = "AlreadyRunningError";
  }
}

/**
 * One Ferry for each data directory. The lock is a file that names its holder and what the holder has started, so
 * that whoever comes after a kill -9 knows which processes may still be ending.
 * @returns {Promise<{update(fields: object): void, release(): void}>}
 * @throws AlreadyRunningError while the holder lives
 */
export async function acquireRunLock(dataDir) {
  const file = path.join(dataDir, "run.json");
  const run = { supervisor: identify(process.pid), children: [] };
  while (!writeNew(file, run)) {
    const held = read(file);
    if (held && isAlive(held.supervisor)) throw new AlreadyRunningError(held);
    await clearLeftovers(held);
    removeStale(file, held);
  }
  return {
    update(fields) {
      Object.assign(run, fields);
      const draft = `${file}.${process.pid}`;
      fs.writeFileSync(draft, JSON.stringify(run), { mode: 0o600 });
      fs.renameSync(draft, file);
    },
    release: () => fs.rmSync(file, { force: true }),
  };
}

/** Children of a killed supervisor end by themselves within seconds; one that does not would do work unseen. */
async function clearLeftovers(held) {
  for (const child of held?.children ?? []) {
    if (!(await waitUntilGone(child, 6_000))) await endProcess(child, [["SIGTERM", 2_000]]);
  }
}

// Linked into place, so that the file is never seen half written.
function writeNew(file, run) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(run), { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    return writeExclusively(file, run);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

// Some file systems have no links.
function writeExclusively(file, run) {
  try {
    fs.writeFileSync(file, JSON.stringify(run), { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

// Two starts may find the same stale lock: what was moved aside is looked at again, and put back when it is new.
function removeStale(file, stale) {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved && JSON.stringify(moved) !== JSON.stringify(stale)) {
    try {
      fs.linkSync(aside, file);
    } catch {
      // A third one has locked meanwhile; the loop of whoever lost finds it.
    }
  }
  fs.rmSync(aside, { force: true });
}
