import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ObjectMissingError, type Store } from "@/lib/storage/store";

/** Yields `bytes` in chunks of at most `chunkBytes`. */
export async function* chunksOf(bytes: Uint8Array, chunkBytes = 50_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunkBytes);
  }
}

export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of body) parts.push(chunk);
  return Buffer.concat(parts);
}

async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** What every store must do, whatever it is made of: the port's comments as cases. */
export function describeStore(
  name: string,
  open: () => Promise<{ store: Store; close: () => Promise<void> }>,
) {
  describe(`${name} fulfils the storage port`, () => {
    let store: Store;
    let close: () => Promise<void>;

    beforeAll(async () => {
      ({ store, close } = await open());
    });
    afterAll(() => close());

    it.each([0, 1, 65_535, 65_536, 65_537, 400_000])("gives back %i bytes as they were put", async (size) => {
      const bytes = randomBytes(size);
      expect(await store.put(`a/size-${size}`, chunksOf(bytes))).toEqual({ sizeBytes: size });
      expect(await store.stat(`a/size-${size}`)).toEqual({ sizeBytes: size });
      expect((await collect(store.read(`a/size-${size}`))).equals(bytes)).toBe(true);
    });

    it("gives ranges, and clamps them to the object", async () => {
      const bytes = randomBytes(200_000);
      await store.put("ranges/one", chunksOf(bytes, 7_001));
      const cases: [number | undefined, number | undefined][] = [
        [0, 1],
        [65_535, 65_537],
        [100, undefined],
        [undefined, 70_000],
        [199_999, 500_000],
        [5, 5],
        [200_000, undefined],
        [300_000, 400_000],
      ];
      for (const [start, end] of cases) {
        const got = await collect(store.read("ranges/one", { start, end }));
        expect(got.equals(bytes.subarray(start ?? 0, end)), `${start}-${end}`).toBe(true);
      }
    });

    it("replaces an object as a whole", async () => {
      await store.put("replaced", chunksOf(Buffer.from("a long first version")));
      await store.put("replaced", chunksOf(Buffer.from("short")));
      expect((await collect(store.read("replaced"))).toString()).toBe("short");
    });

    it("keeps what was there when a put fails half-way, and shows nothing of the new object", async () => {
      await store.put("kept", chunksOf(Buffer.from("old")));
      const broken = (async function* () {
        yield randomBytes(300_000);
        await Promise.resolve();
        throw new Error("the line went dead");
      })();
      await expect(store.put("kept", broken)).rejects.toThrow("the line went dead");
      expect((await collect(store.read("kept"))).toString()).toBe("old");
      expect(await keysOf(store, "kept")).toEqual(["kept"]);
    });

    it("does not show an object before it is whole", async () => {
      const half = (async function* () {
        yield Buffer.from("first half");
        expect(await store.stat("whole/one")).toBeUndefined();
        expect(await keysOf(store, "whole/")).toEqual([]);
      })();
      await store.put("whole/one", half);
      expect(await keysOf(store, "whole/")).toEqual(["whole/one"]);
    });

    it("says that a missing object is missing", async () => {
      expect(await store.stat("nowhere/at-all")).toBeUndefined();
      await expect(collect(store.read("nowhere/at-all"))).rejects.toBeInstanceOf(ObjectMissingError);
      await store.put("folder/object", chunksOf(Buffer.from("x")));
      expect(await store.stat("folder")).toBeUndefined();
      await expect(collect(store.read("folder"))).rejects.toBeInstanceOf(ObjectMissingError);
      await store.delete("folder");
      expect(await store.stat("folder/object")).toEqual({ sizeBytes: 1 });
    });

    it("removes an object, and succeeds when there is none", async () => {
      await store.put("gone/one", chunksOf(Buffer.from("x")));
      await store.delete("gone/one");
      await store.delete("gone/one");
      expect(await store.stat("gone/one")).toBeUndefined();
    });

    it("lists by prefix, which need not end at a slash", async () => {
      for (const key of ["list/a/1", "list/a/2", "list/ab", "list/b", "listed"]) {
        await store.put(key, chunksOf(Buffer.from(key)));
      }
      expect(await keysOf(store, "list/")).toEqual(["list/a/1", "list/a/2", "list/ab", "list/b"]);
      expect(await keysOf(store, "list/a")).toEqual(["list/a/1", "list/a/2", "list/ab"]);
      expect(await keysOf(store, "list/a/")).toEqual(["list/a/1", "list/a/2"]);
      expect(await keysOf(store, "nothing")).toEqual([]);
    });

    it.each(["", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "A", "a b", "ä", "a\0b", "~drafts/x"])(
      "refuses %j as a key",
      async (key) => {
        await expect(store.put(key, chunksOf(Buffer.from("x")))).rejects.toThrow("storage key");
        await expect(collect(store.read(key))).rejects.toThrow("storage key");
      },
    );

    it("lets many write and remove side by side", async () => {
      await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const key = `busy/${i % 4}/${i}`;
          await store.put(key, chunksOf(Buffer.from(key)));
          if (i % 2 === 0) await store.delete(key);
        }),
      );
      expect(await keysOf(store, "busy/")).toHaveLength(20);
    });
  });
}
