import { expect, it } from "vitest";
import type { RunOfUpdate } from "@/db/queries/unnoted-runs";
import { unnotedRuns } from "./unnoted-runs";

/** A run over the chunk of an import that had updated version 1 of the record. */
function run(kind: "undo" | "redo", noted: RunOfUpdate["noted"] = null, more: Partial<RunOfUpdate> = {}) {
  const { importId = "import", hasChunk = true } = more;
  return {
    runId: kind,
    kind,
    at: new Date(0),
    importId,
    restoreId: null,
    jobId: null,
    label: null,
    beforeVersion: 1,
    beforeSourceImportId: "first",
    beforeCreatedAt: null,
    hasChunk,
    noted,
    ...more,
  } satisfies RunOfUpdate;
}

const updated = (afterVersion: number) => ({ op: "update", afterVersion });
const left = (op: "kept" | "absent") => ({ op, afterVersion: null });
const versions = (runs: RunOfUpdate[]) =>
  unnotedRuns(runs).map((change) => [change.kind, change.beforeVersion, change.afterVersion]);

it("leads each undo and redo one version on", () => {
  expect(versions([run("undo"), run("redo"), run("undo")])).toEqual([
    ["undo", 2, 3],
    ["redo", 3, 4],
    ["undo", 4, 5],
  ]);
});

it("says whose the state before was", () => {
  expect(unnotedRuns([run("undo"), run("redo")]).map((change) => change.beforeSourceImportId)).toEqual([
    "import",
    "first",
  ]);
});

it("goes on from where a noted run had led", () => {
  const runs = [run("undo", updated(7)), run("redo", updated(9)), run("undo"), run("redo", updated(14))];
  expect(versions(runs)).toEqual([["undo", 9, 10]]);
});

it("sees no redo of a record that its undo had noted, nor a run after it was left to its editor", () => {
  expect(versions([run("undo", left("kept")), run("redo"), run("undo", left("absent"))])).toEqual([]);
  expect(versions([run("undo"), run("redo", left("kept")), run("undo"), run("redo")])).toEqual([
    ["undo", 2, 3],
  ]);
});

it("believes nothing of runs from before chunks were noted", () => {
  const old = { hasChunk: false };
  expect(versions([run("undo", null, old), run("redo", null, old)])).toEqual([]);
});

it("begins anew with each import", () => {
  const later = { importId: "later", beforeVersion: 4 };
  expect(versions([run("undo"), run("undo", null, later), run("redo", null, later)])).toEqual([
    ["undo", 2, 3],
    ["undo", 5, 6],
    ["redo", 6, 7],
  ]);
});
