import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { describeStorage } from "@/lib/services/storage/describe";
import { testStorage } from "@/lib/services/storage/test-storage";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import { chunksOf } from "@/lib/storage/testing";
import { startS3Server } from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
  ctx = await bench.newUser();
});
afterAll(() => bench.close());

async function keysOf({ storage }: ServiceContext): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list("")) keys.push(key);
  return keys;
}

async function withS3(server: Awaited<ReturnType<typeof startS3Server>>): Promise<ServiceContext> {
  const store = s3Store(parseS3Url(server.url()), server.credentials, [1]);
  return { ...(await bench.newUser()), storage: encryptedStore(store, randomBytes(32)) };
}

it("tests the local disk, measures it, and leaves nothing", async () => {
  const before = await keysOf(ctx);
  const test = await testStorage(ctx);
  expect(test.ok).toBe(true);
  expect(test.steps.map((s) => [s.step, s.outcome])).toEqual([
    ["write", "ok"],
    ["read", "ok"],
    ["range", "ok"],
    ["list", "ok"],
    ["delete", "ok"],
    ["direct", "skipped"],
  ]);
  expect(test.steps[0]!.bytesPerSecond).toBeGreaterThan(0);
  expect(await keysOf(ctx)).toEqual(before);
});

it("tests a bucket, and that browsers may send to it", async () => {
  const server = await startS3Server();
  const s3 = await withS3(server);
  const test = await testStorage(s3);
  expect(test.steps.filter((s) => s.outcome !== "ok")).toEqual([]);
  expect(await keysOf(s3)).toEqual([]);
  expect(await server.unfinished()).toEqual([]);

  server.fault = (request) => (request.method === "POST" ? { status: 403, code: "AccessDenied" } : undefined);
  const denied = await testStorage(s3);
  expect(denied.ok).toBe(false);
  expect(denied.steps[0]).toMatchObject({ outcome: "failed", error: { code: "storage-access-denied" } });
  expect(denied.steps.map((s) => s.outcome)).toEqual([
    "failed",
    "skipped",
    "skipped",
    "skipped",
    "ok",
    "skipped",
  ]);
  await server.close();
});

it("says what a bucket lacks for browsers", async () => {
  const server = await startS3Server({ cors: false });
  const test = await testStorage(await withS3(server));
  expect(test.steps.at(-1)).toMatchObject({
    step: "direct",
    outcome: "failed",
    error: { code: "storage-cors" },
  });
  for await (const { key } of (await withS3(server)).storage.incoming!.list("")) expect(key).toBe("nothing");
  await server.close();
});

it("keeps what it does not know to the log, and one test at a time", async () => {
  const broken = { ...(await bench.newUser()), storage: faultyStore(ctx.storage, (call) => call === "read") };
  const [test] = await Promise.all([
    testStorage(broken),
    expect(testStorage(broken)).rejects.toMatchObject({ code: "test-running" }),
  ]);
  expect(test.steps[1]).toMatchObject({ outcome: "failed", error: { code: "storage-failed" } });
  expect(JSON.stringify(test)).not.toContain("as the test asked");
});

it("counts what is one's own, by kind", async () => {
  const user = await bench.newUser();
  await createUploadFromStream(user, { name: "a.csv", body: chunksOf(Buffer.from("A,B\n1,2\n")) });
  await createUploadFromStream(ctx, { name: "b.csv", body: chunksOf(Buffer.from("A,B\n1,2\n3,4\n")) });
  for (const [kind, reason, sizeBytes] of [
    ["full", "manual", 900],
    ["incremental", "schedule", 40],
    ["full", "safety", 500],
  ] as const) {
    const id = newId();
    await user.db.sql`
      insert into backups (id, owner_id, job_id, kind, reason, state, encryption, full_every, chain_id, size_bytes, storage_key)
      values (${id}, ${user.ownerId}, ${newId()}, ${kind}, ${reason}, 'completed', '{"mode":"server"}', 7, ${id},
              ${sizeBytes}, ${`backups/${id}/1`})`;
  }
  expect(await describeStorage(user)).toEqual({
    kind: "disk",
    directUploads: false,
    use: [
      { kind: "full-backups", count: 1, sizeBytes: 900 },
      { kind: "incremental-backups", count: 1, sizeBytes: 40 },
      { kind: "safety-backups", count: 1, sizeBytes: 500 },
      { kind: "exports", count: 0, sizeBytes: 0 },
      { kind: "uploads", count: 1, sizeBytes: 8 },
    ],
    backupQuota: null,
  });
});
