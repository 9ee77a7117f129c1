import { describe, expect, it } from "vitest";
import type { BringingBack, NotedChange } from "@/db/queries/record-history";
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
    restoreId: null,
    jobId: null,
    label: null,
    beforeSourceImportId: null,
    beforeCreatedAt: null,
    implied: false,
    ...more,
  };
}

function threaded(
  changes: NotedChange[],
  version: number | null,
  { source = null, restores = [] }: { source?: string | null; restores?: BringingBack[] } = {},
) {
  const present = version === null ? null : { version, sourceImportId: source };
  const byId = new Map(restores.map((one) => [one.importId, one]));
  const { links, complete } = threadChanges(changes, present, byId);
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

describe("a restore that brought a record back", () => {
  const restore = (importId: string, atMs: number, hasJournal = true): BringingBack => ({
    importId,
    restoreId: "r",
    jobId: "j",
    fileName: "backup",
    at: new Date(atMs),
    hasJournal,
  });
  const edit = noted("edit", [1, 2], 10);
  const deletion = noted("delete", [2, null], 20);

  it("stands between the deletion and what came later", () => {
    const later = noted("later", [4, 5], 40, { beforeSourceImportId: "R" });
    const restores = [restore("R", 30)];
    const whole = { links: ["later", "R", "delete", "edit"], complete: true };
    expect(threaded([edit, deletion, later], 5, { restores })).toEqual(whole);
    expect(threaded([edit, deletion], 4, { source: "R", restores }).links).toEqual(["R", "delete", "edit"]);
  });

  it("is told by the version of the deletion when its journal is no longer kept, and else is a gap", () => {
    const restores = [restore("R", 30, false)];
    const back = noted("later", [4, 5], 40, { beforeSourceImportId: "R" });
    const jump = noted("later", [5, 6], 40, { beforeSourceImportId: "R" });
    expect(threaded([edit, deletion, back], 5, { restores }).links).toEqual(["later", "R", "delete", "edit"]);
    expect(threaded([edit, deletion, jump], 6, { restores }).links).toEqual(["later", "delete, gap", "edit"]);
  });

  it("is not taken for the one that changed it while it was there", () => {
    const update = noted("R", [2, 3], 30, { source: "import", importId: "R" });
    const restores = [restore("R", 30)];
    expect(threaded([edit, update], 3, { source: "R", restores })).toEqual({
      links: ["R", "edit"],
      complete: true,
    });
  });

  it("may be all that is known of it", () => {
    const restores = [restore("R", 30)];
    expect(threaded([], 3, { source: "R", restores })).toEqual({ links: ["R"], complete: false });
  });

  it("may have done so more than once", () => {
    const again = noted("again", [4, null], 40, { beforeSourceImportId: "R1" });
    const restores = [restore("R1", 30), restore("R2", 50)];
    expect(threaded([edit, deletion, again], 6, { source: "R2", restores })).toEqual({
      links: ["R2", "again", "R1", "delete", "edit"],
      complete: true,
    });
  });
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
