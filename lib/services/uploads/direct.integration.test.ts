import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UPLOAD_PART_BYTES } from "@/lib/contracts/uploads";
import { withPartUrls } from "@/lib/http/upload-url";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { completeUpload } from "@/lib/services/uploads/complete-upload";
import { createUpload } from "@/lib/services/uploads/create-upload";
import { getUpload } from "@/lib/services/uploads/get-upload";
import { openUpload } from "@/lib/services/uploads/open-file";
import { removeAbandonedUploads, removeUpload } from "@/lib/services/uploads/remove-upload";
import { storePart } from "@/lib/services/uploads/store-part";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import type { Store } from "@/lib/storage/store";
import { chunksOf, collect } from "@/lib/storage/testing";
import { startS3Server, type S3TestServer } from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

let bench: TestBench;
let server: S3TestServer;
let plain: Store;
let storage: Store;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
  server = await startS3Server();
  plain = retryingStore(s3Store(parseS3Url(server.url("files")), server.credentials, [1, 2]), [1, 2]);
  storage = encryptedStore(plain, randomBytes(32));
});
afterAll(async () => {
  await server.close();
  await bench.close();
});
beforeEach(async () => {
  ctx = { ...(await bench.newUser()), storage };
  bench.clock.shiftMilliseconds = 0;
  server.fault = () => undefined;
});

const HOUR_MS = 3_600_000;
const line = "Vietnam,2024-03-01,tourist visa with a long description\n";
const file = Buffer.from(
  "Country,Entry Date,Visa Type\n" + line.repeat(Math.ceil((2.3 * UPLOAD_PART_BYTES) / line.length)),
);
const partOf = (number: number) =>
  file.subarray((number - 1) * UPLOAD_PART_BYTES, number * UPLOAD_PART_BYTES);

async function begin() {
  const view = await createUpload(ctx, { name: "trips.csv", size: file.length });
  return withPartUrls(view, new Request("http://ferry.example.org/api/v1/uploads"));
}

async function send(part: { number: number; url: string }, bytes = partOf(part.number)) {
  const answer = await fetch(part.url, { method: "PUT", body: new Uint8Array(bytes) });
  return { status: answer.status, number: part.number, etag: answer.headers.get("etag") ?? "" };
}

async function keysOf(store: Pick<Store, "list">, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys;
}

async function incomingKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.incoming!.list("")) keys.push(key);
  return keys;
}

describe("an upload that goes straight to the object store", () => {
  it("is the same file in the end, sealed, with no original left", async () => {
    const upload = await begin();
    expect(upload.parts.map((part) => new URL(part.url).origin)).not.toContain("http://ferry.example.org");
    const parts = [];
    for (const part of upload.parts) parts.push(await send(part));
    const done = await completeUpload(ctx, upload.id, parts);
    expect(done).toMatchObject({ size: file.length, detected: { format: "csv" } });
    expect(done.sha256).toBe(createHash("sha256").update(file).digest("hex"));
    const source = await openUpload(ctx, upload.id);
    expect((await collect(source.stream())).equals(file)).toBe(true);
    expect(await incomingKeys()).toEqual([]);
    const keys = await keysOf(plain, `uploads/${upload.id}/`);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect((await collect(plain.read(key))).includes("Vietnam")).toBe(false);
    expect(await completeUpload(ctx, upload.id, parts)).toEqual(done);
  });

  it("is resumed: what arrived is named, and only the rest has addresses", async () => {
    const upload = await begin();
    const first = await send(upload.parts[1]!);
    const view = await getUpload(ctx, upload.id);
    expect(view.uploadedParts).toEqual([{ number: 2, etag: first.etag, size: UPLOAD_PART_BYTES }]);
    expect(view.missing).toEqual([1, 3]);
    expect([...view.storeUrls!.keys()]).toEqual([1, 3]);
    await removeUpload(ctx, upload.id);
    expect(await incomingKeys()).toEqual([]);
  });

  it("may mix both roads", async () => {
    const upload = await begin();
    const { etag } = await storePart(ctx, { uploadId: upload.id, number: 1, body: chunksOf(partOf(1)) });
    const parts = [{ number: 1, etag }, await send(upload.parts[1]!), await send(upload.parts[2]!)];
    const done = await completeUpload(ctx, upload.id, parts);
    expect(done.sha256).toBe(createHash("sha256").update(file).digest("hex"));
  });

  it("is not complete while a part is missing, shorter, or not the one that is meant", async () => {
    const upload = await begin();
    const [one, two, three] = upload.parts;
    const parts = [await send(one!), await send(two!)];
    expect((await send(three!, partOf(3).subarray(1))).status).toBe(403);
    await expect(completeUpload(ctx, upload.id, parts)).rejects.toMatchObject({
      code: "parts-mismatch",
      details: [{ path: "parts.3", message: "has not arrived" }],
    });
    const last = await send(three!);
    const wrong = { number: 3, etag: "00000000000000000000000000000000" };
    await expect(completeUpload(ctx, upload.id, [...parts, wrong])).rejects.toMatchObject({
      code: "parts-mismatch",
      details: [{ path: "parts.3" }],
    });
    // Nothing was taken in by the attempts that were refused.
    expect(await incomingKeys()).toHaveLength(3);
    await completeUpload(ctx, upload.id, [...parts, last]);
  });

  it("goes on where a completion broke off", async () => {
    const upload = await begin();
    const parts = [];
    for (const part of upload.parts) parts.push(await send(part));
    let puts = 0;
    server.fault = (request) =>
      request.method === "PUT" && ++puts > 1 ? { status: 507, code: "QuotaExceeded" } : undefined;
    await expect(completeUpload(ctx, upload.id, parts)).rejects.toMatchObject({ code: "storage-full" });
    server.fault = () => undefined;
    const done = await completeUpload(ctx, upload.id, parts);
    expect(done.sha256).toBe(createHash("sha256").update(file).digest("hex"));
    expect(await incomingKeys()).toEqual([]);
    expect(await keysOf(plain, `uploads/${upload.id}/`)).toHaveLength(3);
  });

  it("lives 24 hours from its last part, then leaves nothing", async () => {
    const upload = await begin();
    await send(upload.parts[0]!);
    await ctx.db.sql`update uploads set expires_at = now() - interval '1 second' where id = ${upload.id}`;
    expect(await removeAbandonedUploads(ctx)).toBe(0);
    expect((await getUpload(ctx, upload.id)).uploadedParts).toHaveLength(1);
    bench.clock.shiftMilliseconds = 25 * HOUR_MS;
    expect(await removeAbandonedUploads(ctx)).toBeGreaterThan(0);
    expect(await incomingKeys()).toEqual([]);
    await expect(getUpload(ctx, upload.id)).rejects.toMatchObject({ status: 404 });
  });

  it("leaves no part behind that came after its end", async () => {
    const upload = await begin();
    await removeUpload(ctx, upload.id);
    expect((await send(upload.parts[0]!)).status).toBe(200);
    await removeAbandonedUploads(ctx);
    expect(await incomingKeys()).toHaveLength(1);
    bench.clock.shiftMilliseconds = 2 * HOUR_MS;
    await removeAbandonedUploads(ctx);
    expect(await incomingKeys()).toEqual([]);
  });

  it("is nobody else's", async () => {
    const upload = await begin();
    const stranger = { ...(await bench.newUser()), storage };
    await expect(getUpload(stranger, upload.id)).rejects.toMatchObject({ status: 404 });
    await expect(completeUpload(stranger, upload.id, [])).rejects.toMatchObject({ status: 404 });
    await removeUpload(ctx, upload.id);
  });
});
