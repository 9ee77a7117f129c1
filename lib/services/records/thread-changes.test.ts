import { expect, it } from "vitest";
import type { NotedChange } from "@/db/queries/record-history";
import { threadChanges } from "./thread-changes";

function noted(
  ref: string,
  [beforeVersion, afterVersion]: [number | null, number | null],
  atMs: number,
  more: Partial<NotedChange> = {},
): NotedChange {
  return {
    source: "edit",
    ref,
    kind: "edit",
    beforeVersion,
    afterVersion,
    at: new Date(atMs),
    userId: null,
    importId: null,
    jobId: null,
    label: null,
    beforeSourceImportId: null,
    beforeCreatedAt: null,
    implied: false,
    ...more,
  };
}

function threaded(changes: NotedChange[], present: number | null) {
  const { links, complete } = threadChanges(changes, present);
  return { links: links.map(({ change, gap }) => (gap ? `${change.ref}, gap` : change.ref)), complete };
}

const implied = (ref: string, versions: [number | null, number | null], atMs: number) =>
  noted(ref, versions, atMs, { source: "undo", implied: true });

it("orders changes by the versions they join, whatever their clocks say", () => {
  const changes = [noted("a", [1, 2], 30), noted("c", [3, 4], 20), noted("b", [2, 3], 25)];
  expect(threaded(changes, 4)).toEqual({ links: ["c", "b", "a"], complete: true });
});

it("knows a record that never changed", () => {
  expect(threaded([], 1)).toEqual({ links: [], complete: true });
});

it("follows a record through its deletion and back", () => {
  const changes = [
    noted("edit", [1, 2], 10),
    noted("delete", [2, null], 20),
    noted("restore", [null, 4], 30),
    noted("later", [4, 5], 40),
  ];
  expect(threaded(changes, 5)).toEqual({ links: ["later", "restore", "delete", "edit"], complete: true });
  expect(threaded(changes.slice(0, 2), null)).toEqual({ links: ["delete", "edit"], complete: true });
});

it("names the gap where changes are no longer known, and goes on behind it", () => {
  const changes = [noted("e2", [1, 2], 10), noted("e3", [2, 3], 20), noted("e6", [5, 6], 50)];
  expect(threaded(changes, 6)).toEqual({ links: ["e6", "e3, gap", "e2"], complete: true });
  expect(threaded([noted("e6", [5, 6], 50)], 6)).toEqual({ links: ["e6"], complete: false });
});

it("finds the undo and the redo that leave no row: they took an unedited record away and made it again", () => {
  const runs = [implied("undo", [1, null], 10), implied("redo", [null, 1], 20)];
  expect(threaded(runs, 1)).toEqual({ links: ["redo", "undo"], complete: true });
  expect(threaded(runs.slice(0, 1), null)).toEqual({ links: ["undo"], complete: true });
  expect(threaded([...runs, noted("edit", [1, 2], 30)], 2)).toEqual({
    links: ["edit", "redo", "undo"],
    complete: true,
  });
});

it("does not take an undo for the end of a record that was kept because it had been edited", () => {
  const changes = [
    noted("edit", [1, 2], 10),
    implied("undo", [1, null], 20),
    implied("redo", [null, 1], 30),
    noted("delete", [2, null], 40),
  ];
  expect(threaded(changes, null)).toEqual({ links: ["delete", "edit"], complete: true });
});

it("leaves out what a rollback has taken back together with the record's version", () => {
  expect(threaded([noted("lost", [2, 3], 10)], 1)).toEqual({ links: [], complete: true });
  expect(threaded([noted("lost", [2, 3], 10), noted("new", [1, 2], 20)], 2)).toEqual({
    links: ["new"],
    complete: true,
  });
});
