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
import { DatabaseLine, WorkerProcesses } from "./testing-worker";

const ROWS = 30_000;
const DEADLINE_MS = 90_000;

let database: TestDatabase;
let db: Database;
let folder: string;
let line: DatabaseLine;
let workers: WorkerProcesses;
let ctx: ServiceContext;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "ferry-recovery-"));
  const server = new URL(database.url);
  line = new DatabaseLine({ host: server.hostname, port: Number(server.port || 5432) });
  const port = await line.open();
  const lineUrl = new URL(database.url);
  lineUrl.hostname = "127.0.0.1";
  lineUrl.port = String(port);
  const shared = { FERRY_DATA_DIR: folder, APP_SECRET: "a secret of the recovery test, and of nobody else" };
  workers = new WorkerProcesses({ ...shared, DATABASE_URL: lineUrl.href });
  Object.assign(process.env, shared, { DATABASE_URL: database.url });
  db = connect(database.url);
  const { systemContext } = await import("@/lib/composition/context");
  const ownerId = newId();
  await db.orm.insert(users).values({ id: ownerId, email: "recovery@example.org", passwordHash: "-" });
  ctx = { ...systemContext(), ownerId };
});

afterAll(async () => {
  await workers.stop();
  await line.cut();
  await ctx.db.close();
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
    const worker = await workers.start();
    const started = await startImport();
    await ended(started.jobId);
    expected = await contentHash(await collectionOf(started.id));
    expect(expected.rows).toBe(ROWS);
    await workers.kill(worker);
  }, 120_000);

  it.each(["reading", "matching", "applying"])(
    "ends with exactly the same rows when the worker is killed while %s",
    async (phase) => {
      const worker = await workers.start();
      const started = await startImport();
      await until(`the phase ${phase}`, async () => (await jobOf(started.jobId)).phase === phase);
      await workers.kill(worker);
      const next = await workers.start();
      await ended(started.jobId);
      expect((await jobOf(started.jobId)).state).toBe("completed");
      const collectionId = await collectionOf(started.id);
      expect(await contentHash(collectionId)).toEqual(expected);
      const [c] = await db.sql`select record_count from collections where id = ${collectionId}`;
      expect(c).toEqual({ record_count: ROWS });
      await workers.kill(next);
    },
    120_000,
  );

  it("undoes to the last row when the worker is killed in the middle of it", async () => {
    const worker = await workers.start();
    const started = await startImport();
    await ended(started.jobId);
    const collectionId = await collectionOf(started.id);
    const { startUndo } = await import("@/lib/services/imports/undo");
    const undo = await startUndo(ctx, started.id, { changedSince: "keep" });
    await until("the undo's first chunk", async () => (await jobOf(undo.jobId)).counts.processed > 0);
    await workers.kill(worker);
    const next = await workers.start();
    await ended(undo.jobId);
    expect(await db.sql`select 1 from records where collection_id = ${collectionId} limit 1`).toHaveLength(0);
    expect(await db.sql`select 1 from collections where id = ${collectionId}`).toHaveLength(0);
    await workers.kill(next);
  }, 120_000);

  it("goes on by itself when the database is away for ten seconds", async () => {
    const worker = await workers.start();
    const started = await startImport();
    await until("the first rows", async () => (await jobOf(started.jobId)).phase !== null);
    await line.cut();
    await delay(10_000);
    await line.open();
    await ended(started.jobId);
    expect((await jobOf(started.jobId)).state).toBe("completed");
    expect(await contentHash(await collectionOf(started.id))).toEqual(expected);
    await workers.kill(worker);
  }, 150_000);
});
