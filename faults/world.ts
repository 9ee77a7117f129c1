import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, type Database } from "@/db/client";
import { enqueueEvents } from "@/db/engine/events";
import { migrateDatabase } from "@/db/migrate";
import { bundleWorker, spawnWorker, type WorkerProcess } from "@/inngest/embedded/testing/processes";
import { createProxy, type Proxy } from "@/inngest/embedded/testing/proxy";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext, SystemContext } from "@/lib/services/context";
import { createDisk, type Disk } from "./disk";
import { insist } from "./insist";
import { installPoints } from "./points";
import { startServer, type Server } from "./server";

/** Long enough for any step, however busy the machine is. */
export const STEP_SECONDS_MAX = 120;

/** A worker, and the limit on a step that it was started with. */
interface LimitedWorker extends WorkerProcess {
  stepSecondsMax: number;
}

/** Everything that can break, and what stands beside it and looks on. */
export interface World {
  server: Server;
  disk: Disk;
  /** The line between workers and server. */
  line: Proxy;
  workers: Set<LimitedWorker>;
  /** The observer's own access, past the line. */
  db: Database;
  /** A worker counts a step that takes longer than `stepSecondsMax` as failed. */
  startWorker(stepSecondsMax?: number): Promise<void>;
  /**
   * Runs a script of this folder as a process of its own, which faults strike as they strike a worker. Resolves to how it
   * ended: 0 when it did what it is for.
   */
  runProcess(source: string): Promise<number | null>;
  newUser(): Promise<ServiceContext>;
  /** Forget a user and all that is theirs: the disk is small. */
  removeUser(ownerId: string): Promise<void>;
  close(): Promise<void>;
}

/** A hang may have left several workers, or one with a short limit; one that is as it should be goes on. */
export async function oneWorker(world: World, stepSecondsMax = STEP_SECONDS_MAX): Promise<void> {
  const left = [...world.workers];
  if (left.length === 1 && left[0]!.stepSecondsMax === stepSecondsMax) return;
  world.workers.clear();
  await Promise.all(left.map((worker) => worker.kill()));
  await world.startWorker(stepSecondsMax);
}

/** A server on a disk of its own, a line to it, a worker bundle; no worker runs yet. One world per process. */
export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), "ferry-faults-"));
  const disk = createDisk(path.join(folder, "disk"));
  const dataDir = path.join(folder, "disk");
  // The server's own user has to get there.
  await chmod(folder, 0o755);
  const server = await startServer(dataDir);
  const url = await createDatabase(server.adminUrl);
  const line = await createProxy(url);
  const bundle = await bundleWorker("inngest/worker.ts");
  const settings = {
    FERRY_DATA_DIR: folder,
    APP_SECRET: "a secret of the fault harness, and of nobody else",
    // On the small disk too: when it is full, it is full for both.
    STORAGE_URL: `file:${path.join(dataDir, "objects")}`,
  };
  Object.assign(process.env, settings, { DATABASE_URL: url });
  const { systemContext } = await import("@/lib/composition/context");
  const db = connect(url, { applicationName: "ferry-faults-observer" });
  // A page's process that dies with what it was about to send: nothing is sent again on its behalf.
  const system: SystemContext = {
    ...systemContext(),
    sendEvents: async (events) =>
      void (await enqueueEvents(
        db.sql,
        events.map((event) => ({ ...event })),
      )),
  };
  const workers = new Set<LimitedWorker>();
  return {
    server,
    disk,
    line,
    workers,
    db,
    startWorker: async (stepSecondsMax = STEP_SECONDS_MAX) => {
      const spawned = spawnWorker(bundle, {
        ...settings,
        DATABASE_URL: line.url,
        LOG_LEVEL: "info",
        STEP_MINUTES_MAX: String(stepSecondsMax / 60),
      });
      const worker = { ...spawned, stepSecondsMax };
      workers.add(worker);
      await worker.ready;
    },
    runProcess: async (source) => {
      const { ready, ...child } = spawnWorker(await bundleWorker(source), {
        ...settings,
        DATABASE_URL: line.url,
        LOG_LEVEL: "error",
      });
      const limited = { ...child, ready, stepSecondsMax: STEP_SECONDS_MAX };
      workers.add(limited);
      const code = await child.exited;
      workers.delete(limited);
      return code;
    },
    newUser: async () => {
      const ownerId = newId();
      const email = `${ownerId}@example.org`;
      // The run before may have broken the connections that are tried first.
      await insist(
        () => db.sql`insert into users (id, email, password_hash) values (${ownerId}, ${email}, '-')
                     on conflict (id) do nothing`,
      );
      return { ...system, ownerId };
    },
    removeUser: async (ownerId) => {
      const tables = await db.sql<{ name: string }[]>`
        select t.tablename as name from pg_tables t join imports i
          on replace(i.id::text, '-', '') = split_part(t.tablename, '_', 2)
        where t.schemaname = 'staging' and i.owner_id = ${ownerId}`;
      for (const { name } of tables) await db.sql`drop table ${db.sql(`staging.${name}`)}`;
      const things = await db.sql<{ prefix: string }[]>`
        select 'backups/' || id || '/' as prefix from backups where owner_id = ${ownerId}
        union all select 'uploads/' || id || '/' from uploads where owner_id = ${ownerId}`;
      for (const { prefix } of things)
        for await (const key of system.storage.list(prefix)) await system.storage.delete(key);
      await db.sql`delete from users where id = ${ownerId}`;
      await db.sql`vacuum records, journal_entries`;
      await db.sql`checkpoint`;
    },
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.kill()));
      await system.db.close();
      await db.close();
      await line.close();
      await server.stop();
      disk.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(adminUrl: string): Promise<string> {
  const admin = connect(adminUrl, { poolSize: 1 });
  await admin.sql`create database ferry_faults`;
  // A disk that is small must not fill up with the log of what was committed long ago.
  await admin.sql`alter system set max_wal_size = '128MB'`;
  await admin.sql`select pg_reload_conf()`;
  await admin.close();
  const url = new URL(adminUrl);
  url.pathname = "/ferry_faults";
  await migrateDatabase(url.href);
  const db = connect(url.href, { poolSize: 1 });
  await installPoints(db.sql);
  await db.close();
  return url.href;
}
