import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { diskStore } from "@/lib/storage/drivers/disk";
import { chunksOf, describeStore } from "@/lib/storage/testing";

async function open() {
  const root = await mkdtemp(path.join(tmpdir(), "ferry-disk-"));
  return { root, store: diskStore(root), close: () => rm(root, { recursive: true }) };
}

describeStore("disk", open);

it("leaves no empty folders and no drafts behind", async () => {
  const { root, store, close } = await open();
  await store.put("a/b/c", chunksOf(Buffer.from("x")));
  await store.delete("a/b/c");
  expect(await readdir(root, { recursive: true })).toEqual(["~drafts"]);
  await close();
});
