import { spawn } from "node:child_process";
import { GUARD_URL, guardedEnv, ROOT } from "./paths.mjs";
import { endProcess, identify } from "./processes.mjs";

/**
 * Run a Node program to its end. It is ended early when `signal` is aborted, and by the guard when we are killed: an
 * installation or a build that nobody waits for would get in the way of the next one.
 * @param {string[]} args  for node: options, script, arguments of the script
 * @param {{env?: object, cwd?: string, signal?: AbortSignal}} options
 * @returns {Promise<{status: number | null, output: string}>} output: standard output and error as they came
 */
export function runNode(args, options = {}) {
  return runProgram(process.execPath, ["--import", GUARD_URL, ...args], options, "ipc");
}

/** The same for any program; without the guard. */
export function runProgram(
  program,
  args,
  { env = process.env, cwd = ROOT, signal } = {},
  channel = "ignore",
) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: guardedEnv(env),
      stdio: ["ignore", "pipe", "pipe", channel],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk) => (output += chunk));
    }
    const end = () => child.pid && endProcess(identify(child.pid), [["SIGTERM", 3_000]]);
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
    const settle = (status) => {
      signal?.removeEventListener("abort", end);
      resolve({ status, output: output.trim() });
    };
    child.once("error", (error) => {
      output += error.message;
      settle(null);
    });
    child.once("close", settle);
  });
}
