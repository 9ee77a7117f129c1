import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { bundleWorker, spawnWorker, type WorkerProcess } from "@/inngest/embedded/testing/processes";
import { createProxy, type Proxy } from "@/inngest/embedded/testing/proxy";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { getJob } from "@/lib/services/jobs/get-job";
import { pauseJob } from "@/lib/services/jobs/pause-job";
import { resumeJob } from "@/lib/services/jobs/resume-job";

const ROWS = 60_000;
/** Any number: a lock that rows wait at. */
const GATE = 4_620_799;
const DEADLINE_MS = 90_000;

let database: TestDatabase;
let db: Database;
let folder: string;
let line: Proxy;
let startWorker: () => Promise<WorkerProcess>;
const started: WorkerProcess[] = [];
let ctx: ServiceContext;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "ferry-paused-"));
  line = await createProxy(database.url);
  const bundle = await bundleWorker("inngest/worker.ts");
  const shared = { FERRY_DATA_DIR: folder, APP_SECRET: "a secret of the pausing test, and of nobody else" };
  startWorker = async () => {
    const worker = spawnWorker(bundle, { ...shared, DATABASE_URL: line.url, LOG_LEVEL: "info" });
    started.push(worker);
    await worker.ready;
    return worker;
  };
  Object.assign(process.env, shared, { DATABASE_URL: database.url });
  db = connect(database.url);
  const { systemContext } = await import("@/lib/composition/context");
  const ownerId = newId();
  await db.orm.insert(users).values({ id: ownerId, email: "paused@example.org", passwordHash: "-" });
  ctx = { ...systemContext(), ownerId };
});

afterAll(async () => {
  await Promise.all(started.map((worker) => worker.kill()));
  await ctx.db.close();
  await line.close();
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function startImport(): Promise<{ id: string; jobId: string }> {
  const { createUploadFromStream } = await import("@/lib/services/uploads/create-from-stream");
  const { createImport } = await import("@/lib/services/imports/create");
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},text ${i}\n`).join("");
  const body = Readable.from([Buffer.from(`n,t\n${lines}`)]);
  const upload = await createUploadFromStream(ctx, { name: "numbers.csv", body });
  const options = ImportOptionsShape.parse({});
  return await createImport(ctx, { uploadId: upload.id, newCollection: { name: "Numbers" }, options });
}

async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await delay(20);
  }
}

const ended = (jobId: string) =>
  until("the job's end", async () => (await getJob(ctx, jobId)).finishedAt !== null);

async function rowsOf(importId: string): Promise<{ rows: number; distinct: number }> {
  const [row] = await db.sql<{ rows: number; distinct: number }[]>`
    select count(*)::int8 as rows, count(distinct data ->> 'n')::int8 as distinct
    from records where source_import_id = ${importId}`;
  return row!;
}

/** Rows from 20,000 on wait in their chunks' transactions until `meanwhile` is done. */
async function heldMidway(meanwhile: (job: { id: string; jobId: string }) => Promise<void>) {
  await db.sql.unsafe(`create or replace function gate() returns trigger language plpgsql as $$ begin
    if (new.data ->> 'n')::int >= 20000 then perform pg_advisory_xact_lock_shared(${GATE}); end if;
    return new; end $$`);
  await db.sql.unsafe(
    "create or replace trigger gate before insert on records for each row execute function gate()",
  );
  const gate = await db.sql.reserve();
  await gate`select pg_advisory_lock(${GATE})`;
  try {
    const job = await startImport();
    await until("the first chunks", async () => (await getJob(ctx, job.jobId)).counts.succeeded >= 20_000);
    await meanwhile(job);
    return job;
  } finally {
    await gate`select pg_advisory_unlock(${GATE})`;
    gate.release();
  }
}

async function pausedMidway(): Promise<{ id: string; jobId: string }> {
  const job = await heldMidway(async ({ jobId }) => void (await pauseJob(ctx, jobId)));
  await until("the pause", async () => (await getJob(ctx, job.jobId)).state === "paused");
  return job;
}

describe("a paused import", { timeout: 180_000 }, () => {
  it("outlives its worker, killed, and goes on where it was", async () => {
    const worker = await startWorker();
    const { id, jobId } = await pausedMidway();
    await worker.kill();
    // Resumed while nobody is there to hear it.
    await resumeJob(ctx, jobId);
    await delay(300);
    const next = await startWorker();
    await ended(jobId);
    expect((await getJob(ctx, jobId)).state).toBe("completed");
    expect(await rowsOf(id)).toEqual({ rows: ROWS, distinct: ROWS });
    await next.kill();
  });

  it("is still paused when a new worker comes, and is then cancelled to the last row", async () => {
    const worker = await startWorker();
    const { id, jobId } = await pausedMidway();
    await worker.kill();
    const next = await startWorker();
    await delay(2_000);
    expect((await getJob(ctx, jobId)).state).toBe("paused");
    expect((await rowsOf(id)).rows).toBe(40_000);
    await cancelJob(ctx, jobId, "nothing");
    await ended(jobId);
    expect((await getJob(ctx, jobId)).state).toBe("cancelled");
    expect((await rowsOf(id)).rows).toBe(0);
    await next.kill();
  });
});

describe("a database that goes away", { timeout: 180_000 }, () => {
  it("is told of as soon as it is back, with the moment of the next attempt", async () => {
    const worker = await startWorker();
    const { id, jobId } = await heldMidway(async () => {
      await line.cut();
      await delay(3_000);
      await line.mend();
    });
    await ended(jobId);
    const told = await db.sql<{ retry: { number: number; reason: string; nextAt: string | null } | null }[]>`
      select data -> 'retry' as retry from job_events
      where job_id = ${jobId} and event = 'retrying' order by seq`;
    expect(told[0]?.retry).toMatchObject({
      number: 1,
      reason: expect.stringContaining("database") as string,
    });
    expect(told[0]?.retry?.nextAt).not.toBeNull();
    expect((await getJob(ctx, jobId)).state).toBe("completed");
    expect(await rowsOf(id)).toEqual({ rows: ROWS, distinct: ROWS });
    await worker.kill();
  });
});
