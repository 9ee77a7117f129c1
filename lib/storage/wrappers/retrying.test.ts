import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { diskStore } from "@/lib/storage/drivers/disk";
import { StorageProblem } from "@/lib/storage/problems";
import { chunksOf, collect, describeStore } from "@/lib/storage/testing";
import { faultyStore, type StoreCall } from "@/lib/storage/wrappers/faulty";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

async function open(shouldFail: (call: StoreCall, number: number) => boolean, delaysMs = [1, 1]) {
  const root = await mkdtemp(path.join(tmpdir(), "ferry-retrying-"));
  const passing = () => new StorageProblem("storage-unavailable", "busy", { isTransient: true });
  const faulty = faultyStore(diskStore(root), shouldFail, passing);
  return { faulty, store: retryingStore(faulty, delaysMs), close: () => rm(root, { recursive: true }) };
}

describeStore("retrying, over a disk that fails every other call", () =>
  open((call, number) => call !== "put" && number % 2 === 1, Array<number>(12).fill(1)),
);
describeStore("faulty, as long as no fault is asked for", async () => {
  const { faulty, close } = await open(() => false);
  return { store: faulty, close };
});

it("gives up when a fault stays, and at once when it cannot pass", async () => {
  let calls = 0;
  const { store, close } = await open(() => ++calls > 0);
  await expect(store.stat("a")).rejects.toThrow("busy");
  expect(calls).toBe(3);
  await expect(collect(store.read("../a"))).rejects.toThrow("storage key");
  await close();
});

it("counts a read's attempts from the last byte that came", async () => {
  // Each read gives one chunk of 256 KiB and breaks.
  const { store, close } = await open((call) => call === "read");
  const bytes = Buffer.alloc(5 * 256 * 1024, "ferry");
  await store.put("long", chunksOf(bytes));
  expect((await collect(store.read("long"))).equals(bytes)).toBe(true);
  await close();
});
