import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

interface Prepared {
  adminUrl: string;
  directory: string;
  start(): Promise<ChildProcess>;
}
interface ServerModule {
  preparePostgres: (dataDir: string, options: { throwAway: boolean }) => Promise<Prepared>;
  stopPostgres: (child: ChildProcess) => Promise<void>;
}

/** A PostgreSQL server of one's own that can be killed and started again. */
export interface Server {
  adminUrl: string;
  /** Process ids of the server, the postmaster's first; none when it does not run. */
  pids(): number[];
  /** SIGKILL; resolves when it has gone, if the postmaster was among them. */
  kill(pids: number[]): Promise<void>;
  /** Start it unless it runs; resolves when it takes connections. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Start the server in `dataDir` exactly as Ferry starts its own: its programs, its settings, its crash recovery. */
export async function startServer(dataDir: string): Promise<Server> {
  // A script of the first start, which runs before anything is installed, and so without types.
  const script = pathToFileURL(path.resolve("scripts/lib/postgres/server.mjs")).href;
  const { preparePostgres, stopPostgres } = (await import(/* @vite-ignore */ script)) as ServerModule;
  chmodSync(dataDir, 0o755);
  const prepared = await preparePostgres(dataDir, { throwAway: false });
  let child = await prepared.start();
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const data = path.join(prepared.directory, "data");
  const pids = () => (isGone() ? [] : [child.pid!, ...processesIn(data).filter((pid) => pid !== child.pid)]);
  return {
    adminUrl: prepared.adminUrl,
    pids,
    kill: async (victims) => {
      const exited = victims.includes(child.pid!) && !isGone() ? once(child, "exit") : undefined;
      for (const pid of victims) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has gone by itself meanwhile.
        }
      }
      // Backends outlive it for a moment: asked in that moment, the server would seem to be back.
      await exited;
    },
    start: async () => {
      if (isGone()) child = await prepared.start();
    },
    stop: async () => {
      if (!isGone()) await stopPostgres(child);
    },
  };
}

// Every process of a server works in its data directory.
function processesIn(data: string): number[] {
  const directory = realpathSync(data);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false;
      }
    })
    .map(Number);
}
