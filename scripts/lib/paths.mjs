import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The root of the checkout, wherever the command was typed. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

export const inRoot = (...parts) => path.join(ROOT, ...parts);

/** For `node --import`: a child with it (and an IPC channel) ends itself when the process that started it has gone. */
export const GUARD_URL = pathToFileURL(inRoot("scripts/lib/guard.mjs")).href;

/** What the guard knows its supervisor by. */
export const guardedEnv = (env) => ({ ...env, FERRY_SUPERVISOR: String(process.pid) });

/** The data directory as an absolute path; FERRY_DATA_DIR counts from the root of the checkout. */
export const dataDirectory = (env = process.env) => path.resolve(ROOT, env.FERRY_DATA_DIR || ".ferry");
