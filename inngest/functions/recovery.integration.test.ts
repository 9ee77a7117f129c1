import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { findJob } from "@/db/queries/job-lists";
import { users } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { bundleWorker, spawnWorker, type WorkerProcess } from "@/inngest/embedded/testing/processes";
import { createProxy, type Proxy } from "@/inngest/embedded/testing/proxy";

const ROWS = 30_000;
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
  folder = await mkdtemp(path.join(tmpdir(), "ferry-recovery-"));
  line = await createProxy(database.url);
  const bundle = await bundleWorker("inngest/worker.ts");
  const shared = { FERRY_DATA_DIR: folder, APP_SECRET: "a secret of the recovery test, and of nobody else" };
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
  await db.orm.insert(users).values({ id: ownerId, email: "recovery@example.org", passwordHash: "-" });
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

function csv(): Readable {
  function* lines() {
    yield "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
    for (let i = 1; i <= ROWS; i++)
      yield `Japan,2024-02-01,,Visa ${i},${i % 90},,"note ${i} äöü, ""quoted"""\n`;
  }
  return Readable.from(lines()).map((text: string) => Buffer.from(text));
}

async function startImport(): Promise<{ id: string; jobId: string }> {
  const { createUploadFromStream } = await import("@/lib/services/uploads/create-from-stream");
  const { createImport } = await import("@/lib/services/imports/create");
  const upload = await createUploadFromStream(ctx, { name: "trips.csv", body: csv() });
  return await createImport(ctx, {
    uploadId: upload.id,
    newCollection: { name: "Trips", template: "trips" },
    options: ImportOptionsShape.parse({}),
  });
}

async function jobOf(jobId: string) {
  const found = await findJob(db.sql, jobId, ctx.ownerId);
  if (!found) throw new Error("the job is gone");
  return found.job;
}

async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await delay(10);
  }
}

const ended = (jobId: string) => until("the job's end", async () => (await jobOf(jobId)).finishedAt !== null);

/** Hash of all rows' content in order: equal only when no row is lost, doubled or changed. */
async function contentHash(collectionId: string): Promise<{ rows: number; hash: string }> {
  const hash = createHash("sha256");
  let rows = 0;
  const query = db.sql<{ data: string }[]>`
    select data::text as data from records where collection_id = ${collectionId} order by id`;
  await query.cursor(10_000, (page) => {
    for (const { data } of page) hash.update(data).update("\n");
    rows += page.length;
  });
  return { rows, hash: hash.digest("hex") };
}

async function collectionOf(importId: string): Promise<string> {
  const [row] = await db.sql<
    { id: string }[]
  >`select collection_id as id from imports where id = ${importId}`;
  return row!.id;
}

describe("recovery", () => {
  let expected: { rows: number; hash: string };

  it("needs no recovery when nothing happens", async () => {
    const worker = await startWorker();
    const job = await startImport();
    await ended(job.jobId);
    expected = await contentHash(await collectionOf(job.id));
    expect(expected.rows).toBe(ROWS);
    await worker.kill();
  }, 120_000);

  it.each(["reading", "matching", "applying"])(
    "ends with exactly the same rows when the worker is killed while %s",
    async (phase) => {
      const worker = await startWorker();
      const job = await startImport();
      await until(`the phase ${phase}`, async () => (await jobOf(job.jobId)).phase === phase);
      await worker.kill();
      const next = await startWorker();
      await ended(job.jobId);
      expect((await jobOf(job.jobId)).state).toBe("completed");
      const collectionId = await collectionOf(job.id);
      expect(await contentHash(collectionId)).toEqual(expected);
      const [c] = await db.sql`select record_count from collections where id = ${collectionId}`;
      expect(c).toEqual({ record_count: ROWS });
      await next.kill();
    },
    120_000,
  );

  it("undoes to the last row when the worker is killed in the middle of it", async () => {
    const worker = await startWorker();
    const job = await startImport();
    await ended(job.jobId);
    const collectionId = await collectionOf(job.id);
    const { startUndo } = await import("@/lib/services/imports/undo");
    const undo = await startUndo(ctx, job.id, { changedSince: "keep" });
    await until("the undo's first chunk", async () => (await jobOf(undo.jobId)).counts.processed > 0);
    await worker.kill();
    const next = await startWorker();
    await ended(undo.jobId);
    expect(await db.sql`select 1 from records where collection_id = ${collectionId} limit 1`).toHaveLength(0);
    expect(await db.sql`select 1 from collections where id = ${collectionId}`).toHaveLength(0);
    await next.kill();
  }, 120_000);

  it("goes on by itself when the database is away for ten seconds", async () => {
    const worker = await startWorker();
    const job = await startImport();
    await until("the first rows", async () => (await jobOf(job.jobId)).phase !== null);
    await line.cut();
    await delay(10_000);
    await line.mend();
    await ended(job.jobId);
    expect((await jobOf(job.jobId)).state).toBe("completed");
    expect(await contentHash(await collectionOf(job.id))).toEqual(expected);
    await worker.kill();
  }, 150_000);
});
