import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Where the embedded PostgreSQL lives and as whom it runs.
 * @typedef {object} Place
 * @property {string} directory  holds `data/` and, where needed, a copy of the programs
 * @property {{name: string, uid: number, gid: number} | undefined} user  set when we are root, as which it refuses to run
 */

// PostgreSQL and initdb look their user up by name, so only one that the system knows will do.
const UNPRIVILEGED_USERS = ["ferry", "postgres", "nobody"];

/**
 * Choose the place, and make its directory. It is `postgres/` in the data directory unless root's data directory lies
 * where an unprivileged user cannot get (below root's own home, say); then it is a directory below /var/lib.
 * The choice is recorded, so that a data directory that is moved keeps its database.
 * @returns {Place}
 * @throws Error that says what to change
 */
export function choosePlace(dataDir) {
  const record = path.join(dataDir, "postgres-place.json");
  const recorded = readDirectory(record);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) assertKnownUser();
  const user = isRoot ? unprivilegedUser(recorded) : undefined;
  const candidates = recorded ? [recorded] : [path.join(dataDir, "postgres")];
  if (user && !recorded) candidates.push(path.join("/var/lib/ferry", digest(fs.realpathSync(dataDir))));
  for (const directory of candidates) {
    if (!makeDirectory(directory, user) || !isReachable(directory, user)) continue;
    if (!recorded) fs.writeFileSync(record, JSON.stringify({ directory }), { mode: 0o600 });
    return { directory, user };
  }
  throw new Error(
    `PostgreSQL cannot use ${candidates.join(" or ")}${user ? ` as the user ${user.name}` : ""}. ` +
      "Set FERRY_DATA_DIR to a directory that it can reach.",
  );
}

/** Options for child_process that make a program run as the user of the place. */
export const asUser = ({ user }) => (user ? { uid: user.uid, gid: user.gid } : {});

/** Give a file or directory to the user of the place. */
export function giveTo({ user }, file) {
  if (user) fs.chownSync(file, user.uid, user.gid);
}

function unprivilegedUser(recorded) {
  const entries = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  // A database that is there stays with its owner: PostgreSQL refuses one that belongs to somebody else.
  const owner = recorded && fs.statSync(path.join(recorded, "data"), { throwIfNoEntry: false })?.uid;
  const found =
    (owner ? entries.find(([, , uid]) => Number(uid) === owner) : undefined) ??
    UNPRIVILEGED_USERS.map((wanted) => entries.find(([name]) => name === wanted)).find(Boolean);
  if (found) return { name: found[0], uid: Number(found[2]), gid: Number(found[3]) };
  throw new Error(
    "PostgreSQL does not run as root, and none of the users " +
      `${UNPRIVILEGED_USERS.join(", ")} exists. Create one, or start Ferry as an ordinary user.`,
  );
}

function assertKnownUser() {
  try {
    os.userInfo();
  } catch {
    throw new Error(
      `The user id ${process.getuid?.()} has no name on this system, and PostgreSQL wants one. ` +
        "Start Ferry as a user of /etc/passwd, or set DATABASE_URL.",
    );
  }
}

function readDirectory(record) {
  try {
    const { directory } = JSON.parse(fs.readFileSync(record, "utf8"));
    return fs.existsSync(directory) ? directory : undefined;
  } catch {
    return undefined;
  }
}

function makeDirectory(directory, user) {
  try {
    fs.mkdirSync(path.dirname(directory), { recursive: true });
    if (!fs.existsSync(directory)) fs.mkdirSync(directory, { mode: 0o700 });
    if (user) fs.chownSync(directory, user.uid, user.gid);
    return true;
  } catch {
    return false;
  }
}

// Asked of a process of that user: permissions, mounts and access lists all have their say.
function isReachable(directory, user) {
  const test = 'cd "$1" && test -w . && test -r .';
  return spawnSync("/bin/sh", ["-c", test, "sh", directory], { cwd: "/", ...asUser({ user }) }).status === 0;
}

const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
