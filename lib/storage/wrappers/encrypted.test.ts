import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskStore } from "@/lib/storage/drivers/disk";
import { ObjectDamagedError, type Store } from "@/lib/storage/store";
import { chunksOf, collect, describeStore } from "@/lib/storage/testing";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

const KEY = randomBytes(32);

async function open() {
  const root = await mkdtemp(path.join(tmpdir(), "ferry-encrypted-"));
  return { root, store: encryptedStore(diskStore(root), KEY), close: () => rm(root, { recursive: true }) };
}

describeStore("encrypted disk", open);

describe("encryption at rest", () => {
  let root: string;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ root, store, close } = await open());
  });
  afterAll(() => close());

  const size = fc.oneof(fc.nat(300), fc.nat(200_000), fc.constantFrom(65_536, 131_072, 196_608));

  it("decryption inverts encryption, for every size, chunking and range", async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.integer({ min: 1, max: 90_000 }),
        fc.nat(),
        fc.nat(),
        async (n, chunk, a, b) => {
          const bytes = randomBytes(n);
          await store.put("p", chunksOf(bytes, chunk));
          const start = a % (n + 10);
          const end = start + (b % (n + 10));
          expect((await collect(store.read("p"))).equals(bytes)).toBe(true);
          expect((await collect(store.read("p", { start, end }))).equals(bytes.subarray(start, end))).toBe(
            true,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("tells of any changed bit", async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(7), async (n, where, bit) => {
        await store.put("flipped", chunksOf(randomBytes(n)));
        const file = path.join(root, "flipped");
        const sealed = await readFile(file);
        sealed[where % sealed.length]! ^= 1 << bit;
        await writeFile(file, sealed);
        await expect(collect(store.read("flipped"))).rejects.toBeInstanceOf(ObjectDamagedError);
      }),
      { numRuns: 60 },
    );
  });

  it("tells of any cut, also one between two pieces, and when only the end is read", async () => {
    const cuts = fc.oneof(fc.nat(), fc.constantFrom(40 + 65_552, 40 + 2 * 65_552, 40, 41));
    await fc.assert(
      fc.asyncProperty(size, cuts, async (n, cut) => {
        await store.put("cut", chunksOf(randomBytes(n)));
        const file = path.join(root, "cut");
        const sealedBytes = (await readFile(file)).length;
        await truncate(file, cut % sealedBytes);
        await expect(collect(store.read("cut"))).rejects.toBeInstanceOf(ObjectDamagedError);
        const end = collect(store.read("cut", { start: Math.max(0, n - 1), end: n }));
        await expect(end).rejects.toBeInstanceOf(ObjectDamagedError);
      }),
      { numRuns: 60 },
    );
  });

  it("tells of added bytes and of pieces that changed places", async () => {
    await store.put("mixed", chunksOf(randomBytes(200_000)));
    const file = path.join(root, "mixed");
    const sealed = await readFile(file);
    await writeFile(file, Buffer.concat([sealed, randomBytes(20)]));
    await expect(collect(store.read("mixed"))).rejects.toBeInstanceOf(ObjectDamagedError);
    const piece = 65_552;
    const [head, one, two] = [
      sealed.subarray(0, 40),
      sealed.subarray(40, 40 + piece),
      sealed.subarray(40 + piece, 40 + 2 * piece),
    ];
    await writeFile(file, Buffer.concat([head, two, one, sealed.subarray(40 + 2 * piece)]));
    await expect(collect(store.read("mixed"))).rejects.toBeInstanceOf(ObjectDamagedError);
  });

  it("does not open one object under another's name, nor with another key", async () => {
    await store.put("mine", chunksOf(Buffer.from("secret")));
    await writeFile(path.join(root, "yours"), await readFile(path.join(root, "mine")));
    await expect(collect(store.read("yours"))).rejects.toBeInstanceOf(ObjectDamagedError);
    const other = encryptedStore(diskStore(root), randomBytes(32));
    await expect(collect(other.read("mine"))).rejects.toBeInstanceOf(ObjectDamagedError);
  });

  it("leaves nothing of the plaintext on the disk, and never the same bytes twice", async () => {
    const text = Buffer.from("Vietnam, 2024-03-01, e-visa");
    await store.put("plain", chunksOf(text));
    const first = await readFile(path.join(root, "plain"));
    await store.put("plain", chunksOf(text));
    const second = await readFile(path.join(root, "plain"));
    expect(first.includes(text)).toBe(false);
    expect(first.subarray(40).equals(second.subarray(40))).toBe(false);
  });

  it("passes on the faults of the store below", async () => {
    const faulty = encryptedStore(
      faultyStore(diskStore(root), (call, n) => call === "put" && n === 2),
      KEY,
    );
    await faulty.put("first", chunksOf(Buffer.from("1")));
    await expect(faulty.put("second", chunksOf(Buffer.from("2")))).rejects.toThrow("the put failed");
    expect(await faulty.stat("second")).toBeUndefined();
  });
});
