import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";

const SOURCE = path.resolve("inngest/embedded/testing/chaos-worker.ts");
/** Within node_modules, so that the bundle finds the packages. */
const BUNDLE = path.resolve("node_modules/.cache/ferry/chaos-worker.mjs");

/** Bundle the worker once, as the product's is: compiling it at every start would take longer than what is tested. */
export async function bundleWorker(): Promise<void> {
  await build({
    entryPoints: [SOURCE],
    outfile: BUNDLE,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
}

export interface WorkerProcess {
  pid: number;
  /** Resolves when the engine takes work; rejects if the process ends before. */
  ready: Promise<void>;
  /** SIGKILL, to this process alone; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Start one worker process on a database, after `bundleWorker`. */
export function spawnWorker(databaseUrl: string): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, [BUNDLE], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("ready")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`The worker ended with ${code} before it was ready`)));
  });
  // A worker that is killed while it starts is no error of the test.
  ready.catch(() => undefined);
  return {
    pid: child.pid!,
    ready,
    kill: () => {
      child.kill("SIGKILL");
      return exited;
    },
  };
}
