import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import workerFlags from "@/scripts/lib/worker-flags.json";

/** A worker process of its own: dist/worker.mjs, what FERRY_BENCH_WORKER names, or with FERRY_BENCH_SOURCE=1 the sources. */
export function startWorker() {
  const built = process.env.FERRY_BENCH_WORKER ?? "dist/worker.mjs";
  const entry =
    existsSync(built) && !process.env.FERRY_BENCH_SOURCE ? [built] : ["--import", "tsx", "inngest/worker.ts"];
  const child = spawn(process.execPath, [...workerFlags, ...entry], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const status = (name: string) => {
    const line = readFileSync(`/proc/${child.pid}/status`, "utf8")
      .split("\n")
      .find((l) => l.startsWith(name));
    return Number(/\d+/.exec(line ?? "0")?.[0] ?? 0);
  };
  return {
    peakMb: () => Math.round(status("VmHWM") / 1024),
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    stop: () => child.kill("SIGTERM"),
  };
}
