import { spawn, type ChildProcess } from "node:child_process";
import { rename } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** Within node_modules, so that the bundle finds the packages. */
const BUNDLES = path.resolve("node_modules/.cache/ferry");

/**
 * Bundle a worker once, as the product's is: compiling it at every start would take longer than what is tested.
 * Resolves to the bundle's path.
 */
export async function bundleWorker(source: string): Promise<string> {
  const outfile = path.join(BUNDLES, `${path.basename(source, ".ts")}.mjs`);
  // Test files run side by side: none may start a bundle that another is just writing.
  const draft = outfile.replace(/mjs$/, `${process.pid}.mjs`);
  await build({
    entryPoints: [path.resolve(source)],
    outfile: draft,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  await rename(draft, outfile);
  return outfile;
}

export interface WorkerProcess {
  pid: number;
  /** Resolves when the engine takes work; rejects if the process ends before. */
  ready: Promise<void>;
  /** Its exit code when it is gone; null when a signal ended it. */
  exited: Promise<number | null>;
  /** SIGKILL, to this process alone; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Start one process of a worker that `bundleWorker` has bundled. */
export function spawnWorker(bundle: string, environment: Record<string, string>): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, [bundle], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
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
    exited,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
