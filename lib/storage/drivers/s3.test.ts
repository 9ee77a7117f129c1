import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import type { Store } from "@/lib/storage/store";
import { chunksOf, collect, describeStore } from "@/lib/storage/testing";
import { startS3Server, type S3TestServer } from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

async function itemsOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const DELAYS_MS = [1, 2, 4];
const MIB = 1024 * 1024;

async function open(wrap: (store: Store) => Store = (store) => store) {
  const server = await startS3Server();
  const store = wrap(s3Store(parseS3Url(server.url("a/prefix")), server.credentials, DELAYS_MS));
  return { store, close: () => server.close() };
}

describeStore("s3", () => open());
describeStore("s3, retrying and encrypted", () =>
  open((s3) => encryptedStore(retryingStore(s3, DELAYS_MS), randomBytes(32))),
);

describe("an object of many parts", () => {
  let server: S3TestServer;
  let store: Store;

  beforeAll(async () => {
    server = await startS3Server();
    store = s3Store(parseS3Url(server.url()), server.credentials, DELAYS_MS);
  });
  beforeEach(() => {
    server.fault = () => undefined;
    server.requests.length = 0;
  });
  afterAll(() => server.close());

  const isPart = (request: { method: string; query: object }) =>
    request.method === "PUT" && "uploadId" in request.query;
  const isCompletion = (request: { method: string; query: object }) =>
    request.method === "POST" && "uploadId" in request.query;

  it("is what was put, whatever its size is to that of a part", async () => {
    for (const size of [8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 27 * MIB + 17]) {
      const bytes = randomBytes(size);
      expect(await store.put("big", chunksOf(bytes, 700_001))).toEqual({ sizeBytes: size });
      expect(await store.stat("big")).toEqual({ sizeBytes: size });
      expect((await collect(store.read("big"))).equals(bytes)).toBe(true);
    }
    const end = await collect(store.read("big", { start: 27 * MIB, end: 28 * MIB }));
    expect(end).toHaveLength(17);
    expect(server.requests.filter(isPart)).toHaveLength(1 + 2 + 4);
    expect(await server.unfinished()).toEqual([]);
  });

  it.each(["crc32", "sha256"])("is checked by %s where STORAGE_URL says so", async (checksum) => {
    const checking = s3Store(parseS3Url(server.url("", { checksum })), server.credentials, DELAYS_MS);
    const bytes = randomBytes(9 * MIB);
    await checking.put("checked", chunksOf(bytes));
    expect((await collect(checking.read("checked"))).equals(bytes)).toBe(true);
    await checking.put("checked", chunksOf(Buffer.from("short")));
    expect((await collect(checking.read("checked"))).toString()).toBe("short");
  });

  it("leaves nothing when its body breaks off, and keeps what was there", async () => {
    await store.put("kept", chunksOf(Buffer.from("old")));
    const broken = (async function* () {
      for (let i = 0; i < 20; i++) yield await Promise.resolve(randomBytes(MIB));
      throw new Error("the line went dead");
    })();
    await expect(store.put("kept", broken)).rejects.toThrow("the line went dead");
    expect(server.requests.filter(isPart).length).toBeGreaterThan(0);
    expect(await server.unfinished()).toEqual([]);
    expect((await collect(store.read("kept"))).toString()).toBe("old");
  });

  it("leaves nothing when the store fills up, and reads no more of the body than that", async () => {
    let readBytes = 0;
    let closed = false;
    const body = (async function* () {
      try {
        for (let i = 0; i < 200; i++, readBytes += MIB) yield await Promise.resolve(Buffer.alloc(MIB));
      } finally {
        closed = true;
      }
    })();
    server.fault = (request) =>
      isPart(request) && request.query.partNumber === "3"
        ? { status: 507, code: "QuotaExceeded" }
        : undefined;
    await expect(store.put("full", body)).rejects.toMatchObject({ code: "storage-full", status: 507 });
    expect(closed).toBe(true);
    expect(readBytes).toBeLessThan(80 * MIB);
    expect(await server.unfinished()).toEqual([]);
    expect(await store.stat("full")).toBeUndefined();
  });

  it("gets through busy answers, broken connections and damage on the way", async () => {
    const seen = new Map<string, number>();
    const faults = [
      { status: 503, code: "SlowDown" },
      "cut-before",
      { status: 400, code: "BadDigest" },
    ] as const;
    server.fault = (request) => {
      const part = `${request.method} ${request.query.partNumber} ${"uploads" in request.query}`;
      seen.set(part, (seen.get(part) ?? 0) + 1);
      return faults[(seen.get(part) ?? 0) - 1];
    };
    const bytes = randomBytes(20 * MIB);
    await store.put("rough", chunksOf(bytes, MIB));
    server.fault = () => undefined;
    expect((await collect(store.read("rough"))).equals(bytes)).toBe(true);
    expect(await server.unfinished()).toEqual([]);
  });

  it("is there when only the answer to its completion was lost", async () => {
    let lost = 0;
    server.fault = (request) => (isCompletion(request) && lost++ === 0 ? "cut-after" : undefined);
    const bytes = randomBytes(9 * MIB);
    expect(await store.put("lost-answer", chunksOf(bytes, MIB))).toEqual({ sizeBytes: 9 * MIB });
    expect(lost).toBe(2);
    expect((await collect(store.read("lost-answer"))).equals(bytes)).toBe(true);
  });

  it("is cleared away when its process died, but not while it may still be written", async () => {
    server.fault = (request) =>
      isPart(request) || request.method === "DELETE" ? { status: 403, code: "AccessDenied" } : undefined;
    await expect(store.put("dead", chunksOf(randomBytes(9 * MIB)))).rejects.toThrow("does not allow this");
    server.fault = () => undefined;
    expect(await server.unfinished()).toHaveLength(1);
    const dayAgo = new Date(Date.now() - 24 * 3_600_000);
    expect(await store.removeDrafts(dayAgo)).toBe(0);
    await server.age(25);
    expect(await store.removeDrafts(dayAgo)).toBe(1);
    expect(await server.unfinished()).toEqual([]);
  });

  it("is read on from the byte where the connection broke", async () => {
    const bytes = randomBytes(6 * MIB);
    await store.put("cut", chunksOf(bytes));
    let cuts = 0;
    server.fault = (request) =>
      request.method === "GET" && cuts++ < 2 ? { cutAfterBytes: 2 * MIB } : undefined;
    await expect(collect(store.read("cut"))).rejects.toMatchObject({ code: "storage-unreachable" });
    cuts = 0;
    server.requests.length = 0;
    const retrying = retryingStore(store, DELAYS_MS);
    expect((await collect(retrying.read("cut"))).equals(bytes)).toBe(true);
    expect(server.requests.length).toBeGreaterThanOrEqual(3);
  });

  it("is listed with all others, however many pages that takes", async () => {
    server.pageKeys = 7;
    for (let n = 0; n < 23; n++) await store.put(`many/${n}`, chunksOf(Buffer.from("x")));
    server.requests.length = 0;
    expect(new Set(await itemsOf(store.list("many/"))).size).toBe(23);
    expect(server.requests).toHaveLength(4);
  });
});

describe("what clients put past Ferry", () => {
  let server: S3TestServer;
  let store: Store;

  beforeAll(async () => {
    server = await startS3Server();
    store = s3Store(parseS3Url(server.url("p")), server.credentials, DELAYS_MS);
  });
  afterAll(() => server.close());

  const inAnHour = () => new Date(Date.now() + 3_600_000);
  const put = (url: string, body: Buffer<ArrayBuffer>) => fetch(url, { method: "PUT", body });

  it("lies apart from the store's objects, with the store's own ETag", async () => {
    const bytes = Buffer.from(randomBytes(100_000));
    const url = await store.incoming!.putUrl("u/1", bytes.length, inAnHour());
    const answer = await put(url, bytes);
    expect(answer.status).toBe(200);
    const [found] = await itemsOf(store.incoming!.list("u/"));
    expect(found).toMatchObject({ key: "u/1", sizeBytes: 100_000 });
    expect(answer.headers.get("etag")).toBe(`"${found!.etag}"`);
    expect((await collect(store.incoming!.read("u/1"))).equals(bytes)).toBe(true);
    expect(await itemsOf(store.list(""))).toEqual([]);
    await store.incoming!.delete("u/1");
    expect(await itemsOf(store.incoming!.list(""))).toEqual([]);
  });

  it("has the announced size, the signed name and a time limit, or is refused", async () => {
    const url = await store.incoming!.putUrl("u/2", 10, inAnHour());
    expect((await put(url, Buffer.alloc(11))).status).toBe(403);
    expect((await put(url.replace("u/2", "u/3"), Buffer.alloc(10))).status).toBe(403);
    const late = await store.incoming!.putUrl("u/2", 10, new Date(0));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await put(late, Buffer.alloc(10))).status).toBe(403);
    expect(await itemsOf(store.incoming!.list(""))).toEqual([]);
  });

  it("comes under the name by which browsers reach the server, and not at all where that is off", async () => {
    const publicEndpoint = "https://files.example.org";
    const open = (options: Record<string, string>) =>
      s3Store(parseS3Url(server.url("p", options)), server.credentials, DELAYS_MS);
    const url = await open({ publicEndpoint }).incoming!.putUrl("u/1", 1, inAnHour());
    expect(url.startsWith(`${publicEndpoint}/ferry-test/p/~incoming/u/1?`)).toBe(true);
    expect(open({ directUploads: "false" }).incoming).toBeUndefined();
  });
});
