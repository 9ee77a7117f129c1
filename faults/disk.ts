import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

const SIZE_MIB = 700;
const BLOCK = Buffer.alloc(64 * 1024);

/** The disk that the database lies on, which can be made full. */
export interface Disk {
  /** How it is made full, in words; undefined when that cannot be done here. */
  how: string | undefined;
  /** Leave room for about `spareBytes` more; `pids` are the processes of the server. */
  fill(spareBytes: number, pids: number[]): void;
  free(pids: number[]): void;
  close(): void;
}

/**
 * Make `directory` a small disk of its own, in memory, where we may mount one. Elsewhere the server's processes are
 * kept from writing any file beyond a size (RLIMIT_FSIZE), which PostgreSQL meets as it would a full disk.
 */
export function createDisk(directory: string): Disk {
  mkdirSync(directory, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "ferry-faults", directory]);
  if (mounted.status === 0) return smallDisk(directory);
  const limits = spawnSync("prlimit", ["--version"]).status === 0;
  return limits ? limitedFiles() : { how: undefined, fill: refuse, free: refuse, close: () => undefined };
}

function refuse(): never {
  throw new Error("A full disk cannot be had here: neither mount nor prlimit may be used");
}

function smallDisk(directory: string): Disk {
  const filler = path.join(directory, "filler");
  return {
    how: `a disk of ${SIZE_MIB} MiB in memory`,
    fill: (spareBytes) => {
      const file = openSync(filler, "w");
      let written = 0;
      try {
        for (;;) written += writeSync(file, BLOCK);
      } catch (error) {
        if ((error as { code?: string }).code !== "ENOSPC") throw error;
      } finally {
        closeSync(file);
      }
      if (spareBytes > 0) execFileSync("truncate", ["-s", String(Math.max(0, written - spareBytes)), filler]);
    },
    free: () => rmSync(filler, { force: true }),
    close: () => void spawnSync("umount", ["-l", directory]),
  };
}

function limitedFiles(): Disk {
  const limit = (pids: number[], bytes: string) => {
    // One that ends meanwhile has nothing left to limit.
    for (const pid of pids) spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
  };
  return {
    how: "a limit on the size of the server's files",
    fill: (spareBytes, pids) => limit(pids, String(1_000_000 + spareBytes)),
    free: (pids) => limit(pids, "unlimited"),
    close: () => undefined,
  };
}
