import fs from "node:fs";
import path from "node:path";
import { runProgram } from "../command.mjs";

/**
 * The published `age` program, which must open Ferry's backups: one that is there, or one installed by apt when we are
 * root. Where neither is to be had the tests let its npm implementation speak for it.
 * @param {(line: string) => void} log
 * @returns {Promise<object>} the environment that the tests read it from
 */
export async function findAge(log) {
  const found = process.env.FERRY_AGE ?? installed();
  if (found) return { FERRY_AGE: found };
  if (process.getuid?.() !== 0 || !fs.existsSync("/usr/bin/apt-get")) return {};
  log("Installing age with apt …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update", "-qq"], { env });
  await runProgram("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "age"], { env });
  const byApt = installed();
  return byApt ? { FERRY_AGE: byApt } : {};
}

function installed() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, "age")).find((file) => fs.existsSync(file));
}
