import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceContext } from "@/lib/services/context";
import { listConflicts } from "@/lib/services/imports/conflicts";
import { resolveImport } from "@/lib/services/imports/resolve";
import { listRows } from "@/lib/services/imports/rows";
import { updateRecord } from "@/lib/services/records/update";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const TRIPS = { newCollection: { name: "Trips", template: "trips" as const } };
const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
const trip = (country: string, days: number | string, passport: string, notes: string) =>
  `${country},2024-01-05,,Tourist,${days},${passport},${notes}\n`;

interface Stored {
  id: string;
  version: number;
  data: Record<string, unknown>;
}

async function recordsOf(collectionId: string): Promise<Stored[]> {
  return await ctx.db.sql<Stored[]>`
    select id, version, data from records where collection_id = ${collectionId} order by data ->> 'country', id`;
}

async function edit(collectionId: string, country: string, data: Record<string, unknown>): Promise<void> {
  const record = (await recordsOf(collectionId)).find((r) => r.data.country === country)!;
  await updateRecord(
    ctx,
    { collectionId, recordId: record.id },
    { data: data as never, expected: [record.version] },
  );
}

async function imported(csv: string): Promise<string> {
  const view = await app.importFile(ctx, HEADER + csv, TRIPS);
  expect(view.state).toBe("completed");
  return view.collectionId!;
}

describe("three-way merging", () => {
  it("tells what an update changes in its record, before it is applied, after it, and after a later edit", async () => {
    const collectionId = await imported(trip("Chile", 30, "Germany", "a"));
    await edit(collectionId, "Chile", { notes: "mine" });
    const next = await app.importFile(ctx, HEADER + trip("Chile", 60, "Germany", "a"), {
      collectionId,
      options: { stopBeforeApply: true },
    });
    const updated = async () => (await listRows(ctx, next.id, { status: "updated", limit: 10 })).items;
    const expected = [
      { number: 1, before: { maxDays: 30, notes: "mine" }, values: { maxDays: 60, notes: "mine" } },
    ];
    expect(await updated()).toMatchObject(expected);
    await resolveImport(ctx, next.id, {});
    expect((await app.settled(ctx, next.id)).result?.summary).toMatchObject({ updated: 1 });
    expect(await updated()).toMatchObject(expected);
    await edit(collectionId, "Chile", { maxDays: 90 });
    expect(await updated()).toMatchObject([{ before: { maxDays: 30 }, values: { maxDays: 60 } }]);
  });

  it("takes what only the file changed, keeps what only the person changed, asks about both", async () => {
    const collectionId = await imported(
      trip("Chile", 30, "Germany", "a") + trip("Laos", 30, "Germany", "a") + trip("Peru", 30, "Germany", "a"),
    );
    await edit(collectionId, "Laos", { notes: "mine" });
    await edit(collectionId, "Peru", { maxDays: 90 });
    const next = await app.importFile(
      ctx,
      HEADER +
        trip("Chile", 60, "Germany", "a") +
        trip("Laos", 60, "Germany", "a") +
        trip("Peru", 60, "France", "a"),
      { collectionId },
    );
    expect(next.state).toBe("awaiting_review");
    expect(next.counts).toMatchObject({ toUpdate: 2, conflicts: 1, clashes: 1 });
    const { items, total, unresolved } = await listConflicts(ctx, next.id, { limit: 10 });
    expect({ total, unresolved }).toEqual({ total: 1, unresolved: 1 });
    expect(items).toMatchObject([
      {
        id: "3",
        base: { maxDays: 30, passportCountry: "Germany" },
        merged: { maxDays: 90, passportCountry: "France" },
        differingFields: ["maxDays", "passportCountry"],
        clashingFields: ["maxDays"],
      },
    ]);
    await resolveImport(ctx, next.id, { globalStrategy: "overwrite" });
    expect((await app.settled(ctx, next.id)).result?.summary).toMatchObject({ updated: 3 });
    expect((await recordsOf(collectionId)).map((r) => r.data)).toMatchObject([
      { country: "Chile", maxDays: 60, notes: "a" },
      { country: "Laos", maxDays: 60, notes: "mine" },
      { country: "Peru", maxDays: 60, passportCountry: "France" },
    ]);
  });

  it("does not ask again about what has been decided, nor about what only the person changed", async () => {
    const collectionId = await imported(trip("Laos", 30, "", "") + trip("Peru", 30, "", ""));
    await edit(collectionId, "Laos", { maxDays: 90 });
    await edit(collectionId, "Peru", { notes: "mine" });
    const newer = HEADER + trip("Laos", 60, "", "") + trip("Peru", 30, "", "");
    const first = await app.importFile(ctx, newer, { collectionId });
    expect(first.counts).toMatchObject({ conflicts: 1, unchanged: 1 });
    await resolveImport(ctx, first.id, { globalStrategy: "skip" });
    await app.settled(ctx, first.id);
    const again = await app.importFile(ctx, newer, { collectionId });
    expect(again.state).toBe("completed");
    expect(again.counts).toMatchObject({ conflicts: 0, unchanged: 2, toUpdate: 0 });
    expect((await recordsOf(collectionId)).map((r) => r.data.maxDays)).toEqual([90, 30]);
  });

  it("empties a field that the file had filled and no longer does, unless the person changed it", async () => {
    const collectionId = await imported(trip("Laos", 30, "", "old") + trip("Peru", 30, "", "old"));
    await edit(collectionId, "Peru", { notes: "mine" });
    const view = await app.importFile(ctx, HEADER + trip("Laos", 30, "", "") + trip("Peru", 30, "", ""), {
      collectionId,
      options: { onConflict: "skip" },
    });
    expect(view.counts).toMatchObject({ toUpdate: 1, clashes: 1, skipped: 1 });
    expect((await recordsOf(collectionId)).map((r) => r.data.notes)).toEqual([undefined, "mine"]);
  });

  it("knows each source apart, and what it gave before somebody else wrote", async () => {
    const collectionId = await imported(trip("Laos", 30, "", ""));
    const other = await app.importFile(ctx, HEADER + trip("Laos", 60, "", ""), {
      collectionId,
      name: "other.csv",
      options: { onConflict: "overwrite" },
    });
    expect(other.result?.summary).toMatchObject({ updated: 1 });
    // The first source still says 30: it has not changed its mind, so the other's 60 stays.
    const first = await app.importFile(ctx, HEADER + trip("Laos", 30, "", ""), { collectionId });
    expect(first.counts).toMatchObject({ unchanged: 1, conflicts: 0 });
    // Now it says 45, and both have changed.
    const changed = await app.importFile(ctx, HEADER + trip("Laos", 45, "", ""), { collectionId });
    expect(changed.counts).toMatchObject({ conflicts: 1 });
  });

  it("is turned off by an option: every difference is asked about", async () => {
    const collectionId = await imported(trip("Laos", 30, "", ""));
    const view = await app.importFile(ctx, HEADER + trip("Laos", 60, "", ""), {
      collectionId,
      options: { threeWay: false },
    });
    expect(view.counts).toMatchObject({ conflicts: 1, toUpdate: 0 });
  });
});

describe("a review", () => {
  it("lists by kind, confidence and field, and decides for all that meet a filter", async () => {
    const collectionId = await imported(trip("Chile", 30, "Germany", "a") + trip("Laos", 30, "Germany", "a"));
    const view = await app.importFile(
      ctx,
      HEADER + trip("Chile", 60, "Germany", "a") + trip("Laos", 30, "France", "a"),
      { collectionId, name: "other.csv" },
    );
    const byField = await listConflicts(ctx, view.id, { limit: 10, field: "passportCountry" });
    expect(byField).toMatchObject({ total: 2, matching: 1, unresolved: 2, items: [{ row: 2 }] });
    const kept = await resolveImport(ctx, view.id, {
      bulkResolutions: [{ where: { field: "maxDays", unresolvedOnly: true }, resolution: "overwrite" }],
      apply: false,
    });
    expect(kept).toMatchObject({ state: "awaiting_review", counts: { conflicts: 1, toUpdate: 1 } });
    const taken = await resolveImport(ctx, view.id, {
      specificResolutions: [{ conflictId: "1", resolution: null }],
      apply: false,
    });
    expect(taken.counts).toMatchObject({ conflicts: 2, toUpdate: 0 });
    await resolveImport(ctx, view.id, {
      globalStrategy: "overwrite",
      specificResolutions: [{ conflictId: "2", resolution: "keepBoth" }],
    });
    const done = await app.settled(ctx, view.id);
    expect(done.result?.summary).toMatchObject({ imported: 1, updated: 1 });
    expect(await recordsOf(collectionId)).toHaveLength(3);
  });
});

describe("replace", () => {
  it("makes the collection what the file says, and can be undone", async () => {
    const collectionId = await imported(
      trip("Chile", 30, "", "a") + trip("Laos", 30, "", "a") + trip("Peru", 30, "", ""),
    );
    await edit(collectionId, "Laos", { notes: "mine" });
    const before = await recordsOf(collectionId);
    const view = await app.importFile(ctx, HEADER + trip("Laos", 60, "", "") + trip("Cuba", 5, "", ""), {
      collectionId,
      options: { strategy: "replace" },
    });
    expect(view.counts).toMatchObject({ new: 1, toUpdate: 1, toDelete: 2, conflicts: 0 });
    expect(view.result?.summary).toMatchObject({ imported: 1, updated: 1, deleted: 2 });
    expect((await recordsOf(collectionId)).map((r) => r.data)).toEqual([
      { country: "Cuba", entryDate: "2024-01-05", visaType: "Tourist", maxDays: 5 },
      { country: "Laos", entryDate: "2024-01-05", visaType: "Tourist", maxDays: 60 },
    ]);
    const { startUndo } = await import("@/lib/services/imports/undo");
    const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
    const { jobId } = await startUndo(ctx, view.id, { changedSince: "keep" });
    expect((await waitForJob(ctx, jobId, 20)).state).toBe("completed");
    const after = await recordsOf(collectionId);
    expect(after.map(({ id, data }) => ({ id, data }))).toEqual(before.map(({ id, data }) => ({ id, data })));
  });

  it("removes nothing when a row could not be read", async () => {
    const collectionId = await imported(trip("Chile", 30, "", "") + trip("Laos", 30, "", ""));
    const view = await app.importFile(
      ctx,
      `${HEADER}Laos,someday,,Tourist,60,,\n${trip("Cuba", 5, "", "")}`,
      {
        collectionId,
        options: { strategy: "replace" },
      },
    );
    expect(view.result?.summary).toMatchObject({ imported: 1, deleted: 0, failed: 1 });
    expect(view.result?.warnings.join(" ")).toContain("No record was removed");
    expect(await recordsOf(collectionId)).toHaveLength(3);
  });
});

describe("references", () => {
  it("follow their records by name and by the ids of an export, and are reported when they point nowhere", async () => {
    const { createCollection } = await import("@/lib/services/collections/create");
    const sets = await app.importFile(ctx, "Title\nKanji\nKana\n", {
      newCollection: { name: "Sets", template: "study-sets" },
    });
    expect(sets.failure).toBeNull();
    const [kana] = await recordsOf(sets.collectionId!).then((r) => r.filter((s) => s.data.title === "Kana"));
    const cycles = await createCollection(ctx, {
      name: "Cycles",
      fields: [
        { name: "set", label: "Set", type: "reference", required: true, references: sets.collectionId! },
        { name: "cycle", label: "Cycle", type: "integer", required: true },
      ],
    });
    const view = await app.importFile(ctx, `Set,Cycle\nKana,1\n${kana!.id},2\nHiragana,3\n`, {
      collectionId: cycles.id,
    });
    expect(view.counts?.danglingReferences).toEqual([
      { field: "set", rows: 1, samples: [{ row: 3, value: "Hiragana" }] },
    ]);
    expect(view.result?.warnings.join(" ")).toContain("Hiragana");
    const stored = await ctx.db.sql<{ set: string }[]>`
      select data ->> 'set' as set from records where collection_id = ${cycles.id} order by id`;
    expect(stored.map((r) => r.set)).toEqual([kana!.id, kana!.id, "Hiragana"]);
  });
});
