import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { backUp, carryOut, plan, run } from "@/inngest/functions/testing/restores";
import type { HistoryItem } from "@/lib/contracts/record-history";
import type { ServiceContext } from "@/lib/services/context";
import { startRedo } from "@/lib/services/imports/redo";
import { startUndo } from "@/lib/services/imports/undo";
import type { ImportView } from "@/lib/contracts/import-view";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { deleteRecord } from "./delete";
import { getRecordHistory } from "./history";
import { revertRecord } from "./revert";
import { updateRecord } from "./update";

let app: TestApp;
let ctx: ServiceContext;
let first: ImportView;
let place: { collectionId: string; recordId: string };

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());
beforeEach(async () => {
  first = await importTrips("Laos,2024-01-05,Tourist,30,\n", {
    newCollection: { name: "Trips", template: "trips" },
  });
  const [row] = await ctx.db.sql<{ id: string }[]>`
    select id from records where collection_id = ${first.collectionId}`;
  place = { collectionId: first.collectionId!, recordId: row!.id };
});

type Target = { newCollection: { name: string; template: "trips" } } | { collectionId: string };

async function importTrips(
  rows: string,
  target: Target,
  options: Parameters<TestApp["importFile"]>[2]["options"] = { onConflict: "overwrite", threeWay: false },
): Promise<ImportView> {
  const content = `Country,Entry Date,Visa Type,Max Days,Notes\n${rows}`;
  const view = await app.importFile(ctx, content, { ...target, options, name: "trips.csv" });
  expect(view.state).toBe("completed");
  return view;
}

const update = (rows: string) => importTrips(rows, { collectionId: place.collectionId });
const edit = (data: Record<string, string | number | null>) =>
  updateRecord(ctx, place, { data, expected: undefined });
const history = () => getRecordHistory(ctx, place, { limit: 50 });

async function undo(view: ImportView): Promise<void> {
  const { jobId } = await startUndo(ctx, view.id, { changedSince: "revert" });
  expect((await waitForJob(ctx, jobId, 60))?.state).toBe("completed");
}

async function redo(view: ImportView): Promise<void> {
  const { jobId } = await startRedo(ctx, view.id);
  expect((await waitForJob(ctx, jobId, 60))?.state).toBe("completed");
}

const steps = (items: HistoryItem[]) =>
  items.map(({ kind, by, changes }) => [
    kind,
    by.importId ?? "hand",
    ...changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`),
  ]);

it("has every step of edit, import, edit and undo, with what each replaced by what", async () => {
  await edit({ maxDays: 60 });
  const second = await update("Laos,2024-01-05,Tourist,90,from the file\n");
  await edit({ maxDays: 45 });
  await undo(second);
  const { items, truncatedBecause, setBy } = await history();
  const creation = ["created", first.id];
  expect(steps(items).slice(0, 4)).toEqual([
    ["undo", second.id, "maxDays: 45 → 60", "notes: from the file → null"],
    ["edit", "hand", "maxDays: 90 → 45"],
    ["import", second.id, "maxDays: 60 → 90", "notes: null → from the file"],
    ["edit", "hand", "maxDays: 30 → 60"],
  ]);
  expect(steps(items)[4]?.slice(0, 2)).toEqual(creation);
  expect(items.map((item) => item.version)).toEqual([5, 4, 3, 2, 1]);
  expect(items.map((item) => item.data?.maxDays)).toEqual([60, 45, 90, 60, 30]);
  expect(items[4]?.by).toEqual({ importId: first.id, jobId: first.jobId, label: "trips.csv" });
  expect(truncatedBecause).toBeUndefined();
  expect(setBy).toMatchObject({
    country: { kind: "created", by: { importId: first.id } },
    maxDays: { kind: "undo", by: { importId: second.id } },
  });

  const back = await revertRecord(ctx, place, { to: { version: 3 }, expected: [5] });
  expect(back).toMatchObject({ version: 6, data: { maxDays: 90, notes: "from the file" } });
});

it("goes through undo and redo of an update, again and again", async () => {
  const second = await update("Laos,2024-01-05,Tourist,90,\n");
  for (let round = 0; round < 2; round++) {
    await undo(second);
    await redo(second);
  }
  const { items, truncatedBecause } = await history();
  expect(items.map((item) => [item.kind, item.data?.maxDays])).toEqual([
    ["redo", 90],
    ["undo", 30],
    ["redo", 90],
    ["undo", 30],
    ["import", 90],
    ["created", 30],
  ]);
  expect(truncatedBecause).toBeUndefined();
});

it("knows the undo and the redo of its own import, of which no row is kept", async () => {
  const others = await update("Peru,2024-02-01,Tourist,30,\n");
  const [row] = await ctx.db.sql<{ id: string }[]>`
    select id from records where source_import_id = ${others.id}`;
  place = { ...place, recordId: row!.id };
  await undo(others);
  const gone = await history();
  expect(gone.items.map((item) => [item.kind, item.data === null, item.gap ?? false])).toEqual([
    ["undo", true, false],
    ["created", true, true],
  ]);
  await redo(others);
  await edit({ maxDays: 60 });
  const { items, truncatedBecause } = await history();
  expect(items.map((item) => [item.kind, item.version, item.data?.maxDays])).toEqual([
    ["edit", 2, 60],
    ["redo", 1, 30],
    ["undo", 2, undefined],
    ["created", 1, 30],
  ]);
  expect(truncatedBecause).toBeUndefined();
});

it("puts back what an import that replaces everything has removed", async () => {
  const replacing = await importTrips(
    "Chile,2024-03-01,Tourist,30,\n",
    { collectionId: place.collectionId },
    { strategy: "replace" },
  );
  const { items } = await history();
  expect(items.map((item) => [item.kind, item.by.importId, item.data])).toMatchObject([
    ["import", replacing.id, null],
    ["created", first.id, { country: "Laos" }],
  ]);
  const back = await revertRecord(ctx, place, { to: { version: 1 }, expected: [2] });
  expect(back).toMatchObject({ id: place.recordId, version: 3, data: { country: "Laos", maxDays: 30 } });
});

it("keeps the source of an imported record that was deleted and put back", async () => {
  await deleteRecord(ctx, place, [1]);
  const back = await revertRecord(ctx, place, { to: { version: 1 }, expected: [2] });
  expect(back.source).toEqual({ kind: "import", importId: first.id });
  const [given] = await ctx.db
    .sql`select import_id, given from record_givens where record_id = ${place.recordId}`;
  expect(given).toMatchObject({ import_id: first.id, given: { country: "Laos", maxDays: 30 } });
});

it("says that the journal is over instead of inventing what it held", async () => {
  const second = await update("Laos,2024-01-05,Tourist,90,\n");
  await edit({ maxDays: 45 });
  await ctx.db.sql`delete from journal_entries where import_id = ${second.id}`;
  await ctx.db.sql`update imports set expires_at = now() - interval '1 minute' where id = ${second.id}`;
  const { items, truncatedBecause, setBy } = await history();
  expect(truncatedBecause).toBe("journal-expired");
  expect(items.map((item) => [item.kind, item.gap ?? false, item.data?.maxDays])).toEqual([
    ["edit", false, 45],
    ["created", true, undefined],
  ]);
  expect(Object.keys(setBy ?? {})).toEqual(["maxDays"]);
  await expect(revertRecord(ctx, place, { to: { version: 1 }, expected: undefined })).rejects.toMatchObject({
    code: "version-unknown",
  });
});

const headlines = (items: HistoryItem[]) =>
  items.map(({ kind, version, data, gap }) => [
    version,
    kind,
    gap ? "gap" : data === null ? "gone" : data.maxDays,
  ]);

async function restore(backupId: string): Promise<string> {
  const { id } = await plan(ctx, backupId);
  expect((await carryOut(ctx, id)).state).toBe("completed");
  return id;
}

it("has the deletion of a record that a restore brought back, the restore, and what came after", async () => {
  await edit({ maxDays: 60 });
  const backupId = await backUp(ctx);
  await edit({ maxDays: 70 });
  await deleteRecord(ctx, place, undefined);
  const restoreId = await restore(backupId);
  await edit({ maxDays: 80 });
  const { items, truncatedBecause, setBy } = await history();
  expect(truncatedBecause).toBeUndefined();
  expect(headlines(items)).toEqual([
    [6, "edit", 80],
    [5, "restore", 60],
    [4, "delete", "gone"],
    [3, "edit", 70],
    [2, "edit", 60],
    [1, "created", 30],
  ]);
  expect(items[1]!.by).toMatchObject({ restoreId, label: expect.stringMatching(/\.age$/) as string });
  expect(items[1]!.changes).toContainEqual({ field: "maxDays", from: null, to: 60 });
  expect(setBy).toMatchObject({ maxDays: { kind: "edit" }, country: { kind: "restore", version: 5 } });
  // Back to what the restore had made of it.
  expect((await revertRecord(ctx, place, { to: { version: 5 }, expected: [6] })).data.maxDays).toBe(60);
});

it("has it also when the restore's journal is no longer kept", async () => {
  const backupId = await backUp(ctx);
  await deleteRecord(ctx, place, undefined);
  const restoreId = await restore(backupId);
  await ctx.db.sql`update imports set expires_at = now() - interval '1 day' where restore_id = ${restoreId}`;
  expect(headlines((await history()).items)).toEqual([
    [3, "restore", 30],
    [2, "delete", "gone"],
    [1, "created", 30],
  ]);
});

it("has what a restore changed, its undo and its redo", async () => {
  const backupId = await backUp(ctx);
  await edit({ maxDays: 60 });
  const restoreId = await restore(backupId);
  await run(ctx, restoreId, "undo");
  await run(ctx, restoreId, "redo");
  const { items, truncatedBecause } = await history();
  expect(truncatedBecause).toBeUndefined();
  expect(headlines(items)).toEqual([
    [5, "redo", 30],
    [4, "undo", 60],
    [3, "restore", 30],
    [2, "edit", 60],
    [1, "created", 30],
  ]);
  for (const { by } of items.slice(0, 3)) expect(by.restoreId).toBe(restoreId);
  // Jobs that run over several collections have their own ids: none is named here that does not exist.
  expect(items[0]!.by.jobId).toBeUndefined();
});
