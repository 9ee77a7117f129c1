import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../paths.mjs";
import { preparePostgres, stopPostgres } from "../postgres/server.mjs";
import { processStart } from "../processes.mjs";

const PARENT = inRoot(".ferry-test");

/**
 * A directory for one run of tests or measurements, with what a run that was killed has left behind removed.
 * @returns {{directory: string, remove(): void}}
 */
export function runDirectory() {
  fs.mkdirSync(PARENT, { recursive: true });
  // Directories are named by the process that uses them.
  for (const name of fs.readdirSync(PARENT)) {
    if (processStart(Number(name)) === undefined) removeAll(path.join(PARENT, name));
  }
  const directory = path.join(PARENT, String(process.pid));
  fs.mkdirSync(directory, { recursive: true });
  return { directory, remove: () => removeAll(directory) };
}

// A database may stand elsewhere, where PostgreSQL's own user can reach it: every data directory names the place.
function removeAll(directory) {
  for (const name of fs.existsSync(directory) ? fs.readdirSync(directory) : []) {
    try {
      const record = path.join(directory, name, "postgres-place.json");
      const place = JSON.parse(fs.readFileSync(record, "utf8")).directory;
      if (!place.startsWith(directory)) fs.rmSync(place, { recursive: true, force: true });
    } catch {
      // No database there.
    }
  }
  fs.rmSync(directory, { recursive: true, force: true });
}

/**
 * A PostgreSQL server of its own.
 * @param {string} dataDir
 * @param {{throwAway: boolean}} options  throwAway: quicker, and nothing survives a crash of the machine
 * @returns {Promise<{adminUrl: string, stop(): Promise<void>}>} adminUrl: the superuser's connection string
 */
export async function startScratchPostgres(dataDir, options) {
  const postgres = await preparePostgres(dataDir, options);
  const child = await postgres.start();
  return { adminUrl: postgres.adminUrl, stop: () => stopPostgres(child) };
}
