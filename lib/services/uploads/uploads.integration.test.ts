import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UPLOAD_PART_BYTES } from "@/lib/contracts/uploads";
import { FileProblem, type ByteSource } from "@/lib/core/formats/types";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { completeUpload } from "@/lib/services/uploads/complete-upload";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";
import { createUpload } from "@/lib/services/uploads/create-upload";
import { getUpload } from "@/lib/services/uploads/get-upload";
import { openUpload } from "@/lib/services/uploads/open-file";
import { removeAbandonedUploads, removeUpload } from "@/lib/services/uploads/remove-upload";
import { storePart } from "@/lib/services/uploads/store-part";
import { chunksOf, collect } from "@/lib/storage/testing";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
  bench.clock.shiftMilliseconds = 0;
});

/** A CSV of about `bytes` bytes. */
function csvOf(bytes: number): Buffer {
  const line = "Vietnam,2024-03-01,tourist visa with a long description\n";
  return Buffer.from("Country,Entry Date,Visa Type\n" + line.repeat(Math.ceil(bytes / line.length)));
}

function partOf(file: Buffer, number: number): Buffer {
  return file.subarray((number - 1) * UPLOAD_PART_BYTES, number * UPLOAD_PART_BYTES);
}

async function send(
  uploadId: string,
  number: number,
  bytes: Buffer,
): Promise<{ number: number; etag: string }> {
  const { etag } = await storePart(ctx, {
    uploadId,
    number,
    body: chunksOf(bytes),
    contentLength: bytes.length,
  });
  return { number, etag };
}

async function sendAll(file: Buffer): Promise<{ id: string; parts: { number: number; etag: string }[] }> {
  const upload = await createUpload(ctx, { name: "trips.csv", size: file.length });
  const parts = [];
  for (const number of upload.missing) parts.push(await send(upload.id, number, partOf(file, number)));
  return { id: upload.id, parts };
}

async function objectsOf(id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of ctx.storage.list(`uploads/${id}/`)) keys.push(key);
  return keys;
}

const bytesOf = (file: ByteSource, start?: number, end?: number) => collect(file.stream(start, end));

describe("an upload in parts", () => {
  it("takes the parts in any order, and tells what the file is", async () => {
    const file = csvOf(2 * UPLOAD_PART_BYTES + 1000);
    const upload = await createUpload(ctx, { name: "C:\\my\\trips.csv", size: file.length });
    expect(upload).toMatchObject({ name: "trips.csv", partSize: UPLOAD_PART_BYTES, missing: [1, 2, 3] });
    const parts = [];
    for (const number of [3, 1, 2]) parts.push(await send(upload.id, number, partOf(file, number)));
    expect(parts[0]!.etag).toBe(`"${createHash("md5").update(partOf(file, 3)).digest("hex")}"`);

    const done = await completeUpload(ctx, upload.id, parts);
    expect(done).toMatchObject({
      id: upload.id,
      size: file.length,
      sha256: createHash("sha256").update(file).digest("hex"),
      detected: { format: "csv", delimiter: ",", columns: ["Country", "Entry Date", "Visa Type"] },
    });
    expect(await completeUpload(ctx, upload.id, parts)).toEqual(done);
    expect(await getUpload(ctx, upload.id)).toMatchObject({ state: "complete", missing: [] });
  });

  it("is resumed from what has arrived", async () => {
    const file = csvOf(2 * UPLOAD_PART_BYTES + 1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const two = await send(id, 2, partOf(file, 2));
    const found = await getUpload(ctx, id);
    expect(found.uploadedParts).toEqual([{ number: 2, etag: two.etag, size: UPLOAD_PART_BYTES }]);
    expect(found.missing).toEqual([1, 3]);
    const parts = [two];
    for (const number of found.missing) parts.push(await send(id, number, partOf(file, number)));
    expect((await completeUpload(ctx, id, parts)).size).toBe(file.length);
  });

  it("replaces a part that is sent again, and keeps no object of the first", async () => {
    const file = csvOf(1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const first = await send(id, 1, Buffer.from(file.toString().replace("Vietnam", "Vietnom")));
    const second = await send(id, 1, file);
    expect(await objectsOf(id)).toHaveLength(1);
    await expect(completeUpload(ctx, id, [first])).rejects.toMatchObject({
      status: 422,
      code: "parts-mismatch",
    });
    await completeUpload(ctx, id, [second]);
    expect((await bytesOf(await openUpload(ctx, id))).equals(file)).toBe(true);
    await expect(send(id, 1, file)).rejects.toMatchObject({ status: 409, code: "upload-complete" });
  });

  it("keeps the whole part when the same part is sent twice at once", async () => {
    const file = csvOf(1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const [one] = await Promise.all([send(id, 1, file), send(id, 1, file), send(id, 1, file)]);
    await completeUpload(ctx, id, [one]);
    expect(await objectsOf(id)).toHaveLength(1);
  });

  it.each([
    ["short", -1],
    ["long", 1],
  ])("refuses a part that is too %s, announced or not, and keeps nothing of it", async (_, difference) => {
    const file = csvOf(UPLOAD_PART_BYTES + 1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const wrong = randomBytes(UPLOAD_PART_BYTES + difference);
    const refusal = { status: 422, code: "part-size-mismatch" };
    await expect(send(id, 1, wrong)).rejects.toMatchObject(refusal);
    const unannounced = storePart(ctx, { uploadId: id, number: 1, body: chunksOf(wrong) });
    await expect(unannounced).rejects.toMatchObject(refusal);
    expect(await objectsOf(id)).toEqual([]);
    expect((await getUpload(ctx, id)).missing).toEqual([1, 2]);
  });

  it("keeps the part that stands when sending it again breaks off, or the store fails", async () => {
    const file = csvOf(1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const whole = await send(id, 1, file);
    const broken = (async function* () {
      yield file.subarray(0, 500);
      await Promise.resolve();
      throw new Error("socket hang up");
    })();
    const again = storePart(ctx, { uploadId: id, number: 1, body: broken });
    await expect(again).rejects.toMatchObject({ status: 400, code: "body-interrupted" });
    const failing = { ...ctx, storage: faultyStore(ctx.storage, (call) => call === "put") };
    await expect(storePart(failing, { uploadId: id, number: 1, body: chunksOf(file) })).rejects.toThrow(
      "put failed",
    );
    expect((await completeUpload(ctx, id, [whole])).size).toBe(file.length);
  });

  it("names every part that is missing or differs when it is completed", async () => {
    const file = csvOf(2 * UPLOAD_PART_BYTES + 1000);
    const { id } = await createUpload(ctx, { name: "a.csv", size: file.length });
    const one = await send(id, 1, partOf(file, 1));
    const two = await send(id, 2, partOf(file, 2));
    await expect(
      completeUpload(ctx, id, [one, { number: 2, etag: '"0"' }, { number: 9, etag: "x" }]),
    ).rejects.toMatchObject({
      status: 422,
      details: [
        { path: "parts.2", message: `has the ETag ${two.etag}` },
        { path: "parts.3", message: "has not arrived" },
        { path: "parts.9", message: "is beyond the end of the file" },
      ],
    });
    expect((await getUpload(ctx, id)).state).toBe("uploading");
  });

  it("refuses an empty file, and one over the limit by naming it", async () => {
    await expect(createUpload(ctx, { name: "a", size: 0 })).rejects.toMatchObject({
      status: 422,
      code: "empty-file",
    });
    const tooLarge = createUpload(ctx, { name: "a", size: 3 * 1024 ** 3 });
    await expect(tooLarge).rejects.toMatchObject({ status: 413, code: "file-too-large" });
    await expect(tooLarge).rejects.toThrow("2 GiB");
  });

  it("says what is wrong with a file it cannot read; the upload can still be removed", async () => {
    const { id, parts } = await sendAll(Buffer.from("%PDF-1.7\n\0\0\0"));
    const refusal = completeUpload(ctx, id, parts);
    await expect(refusal).rejects.toMatchObject({ status: 422 });
    expect((await getUpload(ctx, id)).state).toBe("complete");
    await removeUpload(ctx, id);
  });
});

describe("a file made of parts", () => {
  it("is read at random across the parts", async () => {
    const file = csvOf(2 * UPLOAD_PART_BYTES + 1000);
    const { id } = await sendAll(file);
    const source = await openUpload(ctx, id);
    expect(source.size).toBe(file.length);
    const edge = UPLOAD_PART_BYTES;
    const ranges = [
      [0, 10],
      [edge - 5, edge + 5],
      [edge, 2 * edge + 3],
      [file.length - 1, file.length],
      [7, 7],
    ] as const;
    for (const [start, end] of ranges) {
      expect((await bytesOf(source, start, end)).equals(file.subarray(start, end)), `${start}-${end}`).toBe(
        true,
      );
    }
    expect((await bytesOf(source)).equals(file)).toBe(true);
  });

  it("ends with a clear problem when a part was removed or clipped on the disk", async () => {
    const file = csvOf(UPLOAD_PART_BYTES + 1000);
    const { id } = await sendAll(file);
    const source = await openUpload(ctx, id);
    const last = (await objectsOf(id)).find((key) => key.includes("/2-"))!;
    await ctx.storage.put(last, chunksOf(file.subarray(0, 10)));
    await expect(bytesOf(source)).rejects.toMatchObject({
      code: "truncated",
      where: { byte: UPLOAD_PART_BYTES + 10 },
    });
    await ctx.storage.delete(last);
    const problem: unknown = await bytesOf(source).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(FileProblem);
    expect((await bytesOf(source, 0, UPLOAD_PART_BYTES)).length).toBe(UPLOAD_PART_BYTES);
  });
});

describe("an upload from one stream", () => {
  it("is stored in parts without knowing its size", async () => {
    const file = csvOf(2 * UPLOAD_PART_BYTES + 1000);
    const done = await createUploadFromStream(ctx, { name: "a.csv", body: chunksOf(file, 70_001) });
    expect(done).toMatchObject({ size: file.length, detected: { format: "csv" } });
    expect((await bytesOf(await openUpload(ctx, done.id))).equals(file)).toBe(true);
    expect((await getUpload(ctx, done.id)).uploadedParts.map((p) => p.size)).toEqual([
      UPLOAD_PART_BYTES,
      UPLOAD_PART_BYTES,
      file.length - 2 * UPLOAD_PART_BYTES,
    ]);
  });

  it.each([
    ["is empty", Buffer.alloc(0), "empty-file"],
    ["is too large", csvOf(2_000_000), "file-too-large"],
    ["cannot be read", Buffer.from("%PDF-1.7\n\0\0\0"), undefined],
  ])("leaves nothing behind when the file %s", async (_, file, code) => {
    const attempt = createUploadFromStream(ctx, { name: "a", body: chunksOf(file), bytesMax: 1_000_000 });
    await expect(attempt).rejects.toMatchObject(code ? { code } : { status: 422 });
    const left = await ctx.db.sql`select 1 from uploads where owner_id = ${ctx.ownerId}`;
    expect(left).toHaveLength(0);
  });
});

describe("what is left behind", () => {
  it("removes an upload with everything of it", async () => {
    const { id } = await sendAll(csvOf(1000));
    await ctx.storage.put(`uploads/${id}/1-orphan`, chunksOf(Buffer.from("left by a killed request")));
    await removeUpload(ctx, id);
    expect(await objectsOf(id)).toEqual([]);
    await expect(getUpload(ctx, id)).rejects.toMatchObject({ status: 404 });
    await expect(removeUpload(ctx, id)).rejects.toMatchObject({ status: 404 });
  });

  it("removes what nobody went on with for 24 hours, and only that", async () => {
    const old = await sendAll(csvOf(1000));
    bench.clock.shiftMilliseconds = 23 * 3_600_000;
    const young = await sendAll(csvOf(1000));
    await removeAbandonedUploads(ctx);
    expect(await objectsOf(old.id)).toHaveLength(1);
    bench.clock.shiftMilliseconds = 25 * 3_600_000;
    await removeAbandonedUploads(ctx);
    expect(await objectsOf(old.id)).toEqual([]);
    expect(await objectsOf(young.id)).toHaveLength(1);
    await expect(getUpload(ctx, old.id)).rejects.toMatchObject({ status: 404 });
  });

  it("finishes a removal that was interrupted", async () => {
    const { id } = await sendAll(csvOf(1000));
    const failing = { ...ctx, storage: faultyStore(ctx.storage, (call) => call === "delete") };
    await expect(removeUpload(failing, id)).rejects.toThrow("delete failed");
    await expect(getUpload(ctx, id)).rejects.toMatchObject({ status: 404 });
    await removeAbandonedUploads(ctx);
    expect(await objectsOf(id)).toEqual([]);
  });
});

it("is nothing that another user can see, complete, read or remove", async () => {
  const { id, parts } = await sendAll(csvOf(1000));
  const stranger = await bench.newUser();
  const missing = { status: 404 };
  await expect(getUpload(stranger, id)).rejects.toMatchObject(missing);
  await expect(completeUpload(stranger, id, parts)).rejects.toMatchObject(missing);
  await expect(openUpload(stranger, id)).rejects.toMatchObject(missing);
  await expect(removeUpload(stranger, id)).rejects.toMatchObject(missing);
  expect(await objectsOf(id)).toHaveLength(1);
});
