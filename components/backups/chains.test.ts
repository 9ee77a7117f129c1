import { expect, it } from "vitest";
import type { Backup } from "@/lib/contracts/backups";
import { chainsOf, dependentsOf } from "./chains";

function backup(id: string, parent: Backup | null = null, size: number | null = 10): Backup {
  return {
    id,
    parentId: parent?.id ?? null,
    chainId: parent?.chainId ?? id,
    chainPosition: parent ? parent.chainPosition + 1 : 0,
    size,
  } as Backup;
}

const full = backup("full");
const first = backup("first", full);
const second = backup("second", first);
const other = backup("other");
const running = backup("running", second, null);
const newestFirst = [running, other, second, first, full];

it("groups backups by chain, the chain with the newest first", () => {
  expect(chainsOf(newestFirst).map(({ id, backups, sizeBytes }) => [id, backups.length, sizeBytes])).toEqual([
    ["full", 4, 30],
    ["other", 1, 10],
  ]);
  expect(chainsOf(newestFirst)[0]!.backups).toEqual([running, second, first, full]);
});

it("knows which backups are lost without one", () => {
  expect(dependentsOf(newestFirst, "first").map(({ id }) => id)).toEqual(["second", "running"]);
  expect(dependentsOf(newestFirst, "running")).toEqual([]);
  expect(dependentsOf(newestFirst, "other")).toEqual([]);
});
