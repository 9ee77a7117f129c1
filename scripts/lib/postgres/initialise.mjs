import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { asUser, giveTo } from "./place.mjs";

/** The role and the database of the application. The role is not a superuser. */
export const APP_ROLE = "ferry";
export const APP_DATABASE = "ferry";

/**
 * Make the data directory, unless it is there: UTF-8, the built-in C.UTF-8 order (the same on every system, and quick),
 * passwords by SCRAM. Made under another name and renamed, so that an interrupted start leaves nothing half made.
 * @param {{place, native: string, passwords: {superuser: string, app: string}, quick?: boolean}} input
 */
export function initialise({ place, native, passwords, quick = false }) {
  const data = path.join(place.directory, "data");
  if (fs.existsSync(data)) return data;
  const draft = path.join(place.directory, "data.draft");
  fs.rmSync(draft, { recursive: true, force: true });
  const passwordFile = path.join(place.directory, "password.draft");
  fs.writeFileSync(passwordFile, passwords.superuser, { mode: 0o600 });
  giveTo(place, passwordFile);
  try {
    run(place, path.join(native, "bin/initdb"), [
      ...["-D", draft, "-U", "postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
      ...["--no-instructions", ...(quick ? ["--no-sync"] : [])],
    ]);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  fs.appendFileSync(path.join(draft, "postgresql.conf"), "include_if_exists = 'ferry.conf'\n");
  // Single-user mode needs no port and no client.
  const sql = [
    `create role ${APP_ROLE} login password '${passwords.app}';`,
    `create database ${APP_DATABASE} owner ${APP_ROLE};`,
  ];
  const args = ["--single", "-D", draft, "-c", "log_min_error_statement=panic", "postgres"];
  const output = run(place, path.join(native, "bin/postgres"), args, `${sql.join("\n")}\n`);
  if (/ERROR|FATAL/.test(output)) throw new Error(`The database could not be created: ${output}`);
  fs.renameSync(draft, data);
  return data;
}

function run(place, program, args, input = "") {
  const result = spawnSync(program, args, {
    cwd: place.directory,
    encoding: "utf8",
    input,
    env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
    ...asUser(place),
  });
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
  if (result.status !== 0) throw new Error(`${path.basename(program)} failed: ${output}`);
  return output;
}
