import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runNode, runProgram } from "./command.mjs";
import { inRoot } from "./paths.mjs";

/**
 * Whether node_modules holds exactly what package-lock.json names. npm writes its own lock file last, so an
 * installation that was interrupted is not taken for a complete one.
 */
function isInstalled() {
  try {
    const wanted = JSON.parse(fs.readFileSync(inRoot("package-lock.json"), "utf8")).packages;
    const present = JSON.parse(fs.readFileSync(inRoot("node_modules/.package-lock.json"), "utf8")).packages;
    return Object.entries(wanted).every(([name, entry]) => {
      if (name === "") return true;
      // Packages of other platforms are left out.
      if (present[name] === undefined) return entry.optional === true || entry.devOptional === true;
      return present[name].version === entry.version;
    });
  } catch {
    return false;
  }
}

/**
 * Install what the lock names, when it is not there yet.
 * @param {(line: string) => void} log
 * @param {AbortSignal} [signal]  ends the installation early
 * @throws Error with npm's words when it cannot
 */
export async function ensureInstalled(log, signal) {
  if (isInstalled()) return;
  log("Installing packages (the first time only, about a minute) …");
  // Nothing of ours relies on install scripts, and npm may refuse to run them.
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  let result = await runNpm(args, { signal });
  // Registries hiccup; a second attempt finds most packages in the cache.
  if (result.status !== 0 && !signal?.aborted) result = await runNpm(args, { signal });
  if (result.status !== 0) throw new Error(`Packages could not be installed.\n${result.output}`);
}

/** Run npm and collect what it says. @returns {Promise<{status: number | null, output: string}>} */
export function runNpm(args, options = {}) {
  const withCache = { ...options, env: { ...process.env, ...cacheSetting() } };
  const cli = npmCli();
  return cli ? runNode([cli, ...args], withCache) : runProgram("npm", args, withCache);
}

function npmCli() {
  const beside = path.resolve(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  const candidates = [process.env.npm_execpath, beside];
  return candidates.find((file) => file?.endsWith("npm-cli.js") && fs.existsSync(file));
}

// A service user often has a home that does not exist; npm wants to write its cache there.
function cacheSetting() {
  const quiet = { npm_config_update_notifier: "false" };
  const cache = process.env.npm_config_cache ?? path.join(os.homedir(), ".npm");
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.accessSync(cache, fs.constants.W_OK);
    return quiet;
  } catch {
    const own = path.join(os.tmpdir(), `npm-cache-${process.getuid?.() ?? "user"}`);
    return { ...quiet, npm_config_cache: own };
  }
}
