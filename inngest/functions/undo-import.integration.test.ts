import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UndoImport } from "@/lib/contracts/imports";
import type { ServiceContext } from "@/lib/services/context";
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
const LAOS = "Laos,2024-01-05,,Tourist,30,,\n";
const PERU = "Peru,2024-01-06,,Tourist,,,\n";
const CHILE = "Chile,2024-01-07,,Tourist,,,\n";

interface Row {
  id: string;
  version: number;
  data: Record<string, string | number | boolean>;
  source: string | null;
}

async function recordsOf(collectionId: string | null): Promise<Row[]> {
  return [
    ...(await ctx.db.sql<Row[]>`select id, version, data, source_import_id as source from records
                                where collection_id = ${collectionId} order by id`),
  ];
}

async function dataOf(collectionId: string | null) {
  return (await recordsOf(collectionId)).map((r) => r.data);
}

async function recordIn(collectionId: string | null, country: string): Promise<Row> {
  return (await recordsOf(collectionId)).find((r) => r.data.country === country)!;
}

async function edit(
  collectionId: string | null,
  country: string,
  data: Record<string, string | number | null>,
) {
  const { updateRecord } = await import("@/lib/services/records/update");
  const record = await recordIn(collectionId, country);
  await updateRecord(
    ctx,
    { collectionId: collectionId!, recordId: record.id },
    { data, expected: undefined },
  );
  return record.id;
}

async function remove(collectionId: string | null, country: string) {
  const { deleteRecord } = await import("@/lib/services/records/delete");
  const record = await recordIn(collectionId, country);
  await deleteRecord(ctx, { collectionId: collectionId!, recordId: record.id }, undefined);
  return record.id;
}

async function undo(id: string, input: UndoImport = { changedSince: "keep" }) {
  const { startUndo, undoOutcome } = await import("@/lib/services/imports/undo");
  await finished((await startUndo(ctx, id, input)).jobId);
  return await undoOutcome(ctx, id);
}

async function redo(id: string) {
  const { startRedo } = await import("@/lib/services/imports/redo");
  const { undoOutcome } = await import("@/lib/services/imports/undo");
  await finished((await startRedo(ctx, id)).jobId);
  return await undoOutcome(ctx, id);
}

async function finished(jobId: string) {
  const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
  expect(await waitForJob(ctx, jobId, 60)).toMatchObject({ state: "completed", percentage: 100 });
}

async function previewUndo(id: string) {
  const { previewImportUndo } = await import("@/lib/services/imports/undo");
  return await previewImportUndo(ctx, id);
}

async function previewRedo(id: string) {
  const { previewImportRedo } = await import("@/lib/services/imports/redo");
  return await previewImportRedo(ctx, id);
}

/** What the undos and redos of an import have noted of single records. */
async function notesOf(importId: string): Promise<string[]> {
  const rows = await ctx.db.sql<{ op: string }[]>`
    select u.op from undo_entries u join import_undos n on n.id = u.undo_id where n.import_id = ${importId} order by 1`;
  return rows.map((row) => row.op);
}

/** A collection with Laos, and an import over it that changes Laos and adds Peru and Chile. */
async function twoImports() {
  const first = await app.importFile(ctx, HEADER + LAOS, TRIPS);
  const second = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,60,,\n${PERU}${CHILE}`, {
    collectionId: first.collectionId!,
    options: { onConflict: "overwrite" },
  });
  expect(second.result?.summary).toMatchObject({ imported: 2, updated: 1 });
  return { first, second, collectionId: first.collectionId };
}

describe("redo", () => {
  it("brings an undone import back, which can then be undone and brought back again", async () => {
    const { second, collectionId } = await twoImports();
    const imported = await recordsOf(collectionId);
    expect(await undo(second.id)).toMatchObject({
      state: "undone",
      removed: 2,
      restored: 1,
      kept: 0,
      gone: 0,
    });
    const undone = await dataOf(collectionId);
    expect(undone).toEqual([{ country: "Laos", entryDate: "2024-01-05", visaType: "Tourist", maxDays: 30 }]);

    for (let round = 0; round < 2; round++) {
      expect(await previewRedo(second.id)).toEqual({
        toReinsert: 2,
        toRestore: 1,
        toRemove: 0,
        changedSinceCount: 0,
        remakesCollection: false,
        laterImports: [],
      });
      expect(await redo(second.id)).toMatchObject({
        state: "completed",
        reinserted: 2,
        restored: 1,
        kept: 0,
      });
      const back = await recordsOf(collectionId);
      expect(back.map(({ id, data, source }) => ({ id, data, source }))).toEqual(
        imported.map(({ id, data, source }) => ({ id, data, source })),
      );
      expect(back.slice(1)).toEqual(imported.slice(1));
      expect(await previewUndo(second.id)).toMatchObject({ toRemove: 2, toRestore: 1, changedSinceCount: 0 });
      expect(await undo(second.id)).toMatchObject({ removed: 2, restored: 1, kept: 0 });
      expect(await dataOf(collectionId)).toEqual(undone);
    }
    const [c] = await ctx.db.sql`select record_count, writer_id from collections where id = ${collectionId}`;
    expect(c).toEqual({ record_count: 1, writer_id: null });
    const runs = await ctx.db.sql`
      select kind, state from import_undos where import_id = ${second.id} order by id`;
    expect(runs.map((r) => `${r.kind} ${r.state}`)).toEqual([
      "undo completed",
      "redo completed",
      "undo completed",
      "redo completed",
      "undo completed",
    ]);
  });

  it("brings edits back that the undo reverted, and leaves alone what was edited since", async () => {
    const { second, collectionId } = await twoImports();
    await edit(collectionId, "Peru", { notes: "mine" });
    await undo(second.id, { changedSince: "revert" });
    expect(await dataOf(collectionId)).toHaveLength(1);
    await edit(collectionId, "Laos", { notes: "after the undo" });
    expect(await previewRedo(second.id)).toMatchObject({ toReinsert: 2, toRestore: 0, changedSinceCount: 1 });
    expect(await redo(second.id)).toMatchObject({ reinserted: 2, restored: 0, kept: 1 });
    expect(await recordIn(collectionId, "Peru")).toMatchObject({
      version: 3,
      data: { notes: "mine" },
      source: null,
    });
    expect(await recordIn(collectionId, "Laos")).toMatchObject({
      data: { maxDays: 30, notes: "after the undo" },
    });
    // Peru's edit is asked about again; Laos has nothing of the import any more.
    expect(await previewUndo(second.id)).toMatchObject({
      toRemove: 1,
      toRestore: 0,
      changedSince: [{ kind: "inserted", fields: ["notes"] }],
    });
    await undo(second.id, { changedSince: "revert" });
    expect(await dataOf(collectionId)).toEqual([
      expect.objectContaining({ country: "Laos", maxDays: 30, notes: "after the undo" }),
    ]);
  });

  it("notes nothing of records that are as they were left, and brings them back all the same", async () => {
    const { second, collectionId } = await twoImports();
    const imported = await dataOf(collectionId);
    for (let round = 0; round < 2; round++) {
      expect(await undo(second.id)).toMatchObject({ removed: 2, restored: 1, kept: 0, gone: 0 });
      expect(await previewRedo(second.id)).toMatchObject({
        toReinsert: 2,
        toRestore: 1,
        changedSinceCount: 0,
      });
      expect(await redo(second.id)).toMatchObject({ reinserted: 2, restored: 1, kept: 0 });
      expect(await dataOf(collectionId)).toEqual(imported);
    }
    expect(await recordIn(collectionId, "Laos")).toMatchObject({ version: 6, source: second.id });
    expect(await notesOf(second.id)).toEqual([]);
  });

  it("leaves to the person what was edited or removed after the undo", async () => {
    const { second, collectionId } = await twoImports();
    await undo(second.id);
    await remove(collectionId, "Laos");
    expect(await previewRedo(second.id)).toMatchObject({ toReinsert: 2, toRestore: 0, changedSinceCount: 1 });
    expect(await redo(second.id)).toMatchObject({ reinserted: 2, restored: 0, kept: 1 });
    expect(await dataOf(collectionId)).toHaveLength(2);
    expect(await notesOf(second.id)).toEqual(["absent"]);
    // Laos is no part of the import any more: it is neither restored nor missed.
    expect(await previewUndo(second.id)).toMatchObject({ toRemove: 2, toRestore: 0, changedSinceCount: 0 });
    await undo(second.id);
    expect(await dataOf(collectionId)).toEqual([]);
  });

  it("takes an undo that had noted every record at its word", async () => {
    const { second, collectionId } = await twoImports();
    const laos = await recordIn(collectionId, "Laos");
    await undo(second.id);
    // As undos were noted before they noted chunks: each record that they changed, and none that they left.
    await ctx.db.sql`
      insert into undo_entries (undo_id, chunk, record_id, op, before, before_version, before_source_import_id,
        before_created_at, before_updated_at, after_version)
      select k.undo_id, k.chunk, r.id, 'update', ${ctx.db.sql.json(laos.data)}, ${laos.version}, ${second.id}::uuid,
        r.created_at, r.updated_at, r.version
      from journal_chunks k join records r on r.id = ${laos.id}
      where k.import_id = ${second.id}`;
    await ctx.db
      .sql`delete from undo_chunks where undo_id in (select id from import_undos where import_id = ${second.id})`;
    expect(await previewRedo(second.id)).toMatchObject({ toReinsert: 2, toRestore: 1, changedSinceCount: 0 });
    expect(await redo(second.id)).toMatchObject({ reinserted: 2, restored: 1, kept: 0 });
    expect(await recordIn(collectionId, "Laos")).toMatchObject({ data: laos.data, source: second.id });
    expect(await previewUndo(second.id)).toMatchObject({ toRemove: 2, toRestore: 1, changedSinceCount: 0 });
  });

  it("leaves alone what such an undo had left to the person", async () => {
    const { second, collectionId } = await twoImports();
    await edit(collectionId, "Laos", { notes: "mine" });
    await undo(second.id);
    const runs = ctx.db.sql`select id from import_undos where import_id = ${second.id}`;
    await ctx.db.sql`delete from undo_entries where undo_id in (${runs})`;
    await ctx.db.sql`delete from undo_chunks where undo_id in (${runs})`;
    expect(await previewRedo(second.id)).toMatchObject({ toReinsert: 2, toRestore: 0, changedSinceCount: 0 });
    expect(await redo(second.id)).toMatchObject({ reinserted: 2, restored: 0 });
    expect(await recordIn(collectionId, "Laos")).toMatchObject({
      data: { maxDays: 60, notes: "mine" },
      source: null,
    });
  });

  it("refuses to guess when the rows of the import no longer say what it had made of its records", async () => {
    const { second, collectionId } = await twoImports();
    await undo(second.id);
    const { planTable } = await import("@/db/bulk/staging");
    await ctx.db.sql.unsafe(`delete from ${planTable(second.id)} where not same`);
    const before = await recordsOf(collectionId);
    const { startRedo } = await import("@/lib/services/imports/redo");
    const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
    const { jobId } = await startRedo(ctx, second.id);
    expect(await waitForJob(ctx, jobId, 60)).toMatchObject({ state: "failed" });
    expect(await recordsOf(collectionId)).toEqual(before);
  });

  it("does not bring records back that the person had removed", async () => {
    const { second, collectionId } = await twoImports();
    await remove(collectionId, "Peru");
    expect(await undo(second.id)).toMatchObject({ removed: 1, restored: 1, gone: 1 });
    expect(await redo(second.id)).toMatchObject({ reinserted: 1, restored: 1, kept: 0 });
    expect((await dataOf(collectionId)).map((d) => d.country)).toEqual(["Laos", "Chile"]);
    expect(await undo(second.id)).toMatchObject({ removed: 1, restored: 1, gone: 1 });
  });

  it("makes the collection again that the undo had removed with everything in it", async () => {
    const view = await app.importFile(ctx, HEADER + LAOS + PERU, TRIPS);
    const before = await recordsOf(view.collectionId);
    const [made] = await ctx.db.sql`select name, template, fields, key_fields from collections
                                    where id = ${view.collectionId}`;
    await undo(view.id);
    expect(await ctx.db.sql`select 1 from collections where id = ${view.collectionId}`).toHaveLength(0);
    expect(await previewRedo(view.id)).toMatchObject({ toReinsert: 2, remakesCollection: true });
    await redo(view.id);
    expect(await recordsOf(view.collectionId)).toEqual(before);
    const [again] = await ctx.db.sql`select name, template, fields, key_fields from collections
                                     where id = ${view.collectionId}`;
    expect(again).toEqual(made);
    const { getImport } = await import("@/lib/services/imports/view");
    expect(await getImport(ctx, view.id)).toMatchObject({ state: "completed" });
    await undo(view.id);
    expect(await ctx.db.sql`select 1 from collections where id = ${view.collectionId}`).toHaveLength(0);
  });

  it("makes fields again that the import had added", async () => {
    const first = await app.importFile(ctx, "a,b\n1,x\n", { newCollection: { name: "Table" } });
    const second = await app.importFile(ctx, "a,c\n2,y\n", {
      collectionId: first.collectionId!,
      mapping: [
        { column: "a", field: "a" },
        { column: "c", create: { name: "c", type: "text" } },
      ],
    });
    const names = async () => {
      const [c] = await ctx.db.sql<{ fields: { name: string }[] }[]>`
        select fields from collections where id = ${first.collectionId}`;
      return c!.fields.map((f) => f.name);
    };
    expect(await names()).toEqual(["a", "b", "c"]);
    await undo(second.id);
    expect(await names()).toEqual(["a", "b"]);
    await redo(second.id);
    expect(await names()).toEqual(["a", "b", "c"]);
    expect((await dataOf(first.collectionId))[1]).toMatchObject({ c: "y" });
  });

  it("is refused where there is nothing to bring back", async () => {
    const { second } = await twoImports();
    await expect(redo(second.id)).rejects.toMatchObject({ code: "not-undone" });
    await undo(second.id);
    await expect(undo(second.id)).rejects.toMatchObject({ code: "already-undone" });
  });
});

describe("undo", () => {
  it("takes single fields back where that was chosen, and a redo brings them in again", async () => {
    const { second, collectionId } = await twoImports();
    const laos = await edit(collectionId, "Laos", { notes: "mine", passportCountry: "Germany" });
    const peru = await edit(collectionId, "Peru", { notes: "mine too" });
    const preview = await previewUndo(second.id);
    expect(preview).toMatchObject({ toRemove: 1, toRestore: 0, changedSinceCount: 2 });
    expect(preview.changedSince.find((c) => c.recordId === laos)).toMatchObject({
      kind: "updated",
      version: 3,
      fields: ["notes", "passportCountry"],
      before: { maxDays: 30 },
      written: { maxDays: 60 },
      current: { maxDays: 60, notes: "mine" },
    });
    expect(preview.changedSince.find((c) => c.recordId === peru)).toMatchObject({
      kind: "inserted",
      before: null,
      written: { country: "Peru" },
      current: { country: "Peru", notes: "mine too" },
    });
    const edited = await recordsOf(collectionId);
    const outcome = await undo(second.id, {
      changedSince: "keep",
      specificResolutions: [
        { recordId: laos, resolution: "keep", fields: { maxDays: "revert", notes: "keep" } },
        { recordId: peru, resolution: "revert", fields: { country: "keep", notes: "keep" } },
      ],
    });
    expect(outcome).toMatchObject({ removed: 1, restored: 2, kept: 0 });
    expect(await dataOf(collectionId)).toEqual([
      {
        country: "Laos",
        entryDate: "2024-01-05",
        visaType: "Tourist",
        maxDays: 30,
        notes: "mine",
        passportCountry: "Germany",
      },
      { country: "Peru", notes: "mine too" },
    ]);
    await redo(second.id);
    expect(await dataOf(collectionId)).toEqual(edited.map((r) => r.data));
  });

  it("refuses a choice for a field that is not there", async () => {
    const { second, collectionId } = await twoImports();
    const { id } = await recordIn(collectionId, "Laos");
    const { startUndo } = await import("@/lib/services/imports/undo");
    await expect(
      startUndo(ctx, second.id, {
        changedSince: "keep",
        specificResolutions: [{ recordId: id, resolution: "keep", fields: { nowhere: "revert" } }],
      }),
    ).rejects.toMatchObject({ details: [{ path: "specificResolutions.0.fields.nowhere" }] });
  });

  it("refuses to empty a required field by itself; the record as a whole goes back", async () => {
    const noDays = "Laos,2024-01-05,,Tourist,,,\n";
    const { collectionId } = await app.importFile(ctx, HEADER + noDays, TRIPS);
    const second = await app.importFile(ctx, HEADER + LAOS, { collectionId: collectionId! });
    expect(second.result?.summary).toMatchObject({ updated: 1 });
    const recordId = await edit(collectionId, "Laos", { notes: "mine" });
    await ctx.db.sql`
      update collections set fields = (select jsonb_agg(case f ->> 'name' when 'maxDays'
        then f || '{"required": true}' else f end) from jsonb_array_elements(fields) f) where id = ${collectionId}`;
    await expect(
      undo(second.id, {
        changedSince: "keep",
        specificResolutions: [{ recordId, resolution: "keep", fields: { maxDays: "revert" } }],
      }),
    ).rejects.toMatchObject({
      code: "required-field",
      details: [{ message: "“Max Days” is required, and had no value before the import." }],
    });
    expect((await dataOf(collectionId))[0]).toMatchObject({ maxDays: 30, notes: "mine" });
    await undo(second.id, { changedSince: "revert" });
    expect((await dataOf(collectionId))[0]).not.toHaveProperty("maxDays");
  });

  it("puts back what a replacing import removed; a redo removes it again, unless it was edited", async () => {
    const first = await app.importFile(ctx, HEADER + LAOS + PERU + CHILE, TRIPS);
    const { collectionId } = first;
    const before = await recordsOf(collectionId);
    const second = await app.importFile(ctx, HEADER + LAOS, {
      collectionId: collectionId!,
      options: { strategy: "replace" },
    });
    expect(second.result?.summary).toMatchObject({ deleted: 2 });
    expect(await dataOf(collectionId)).toHaveLength(1);
    expect(await previewUndo(second.id)).toMatchObject({ toReinsert: 2, toRemove: 0, toRestore: 0 });
    expect(await undo(second.id)).toMatchObject({ reinserted: 2, removed: 0 });
    expect(await recordsOf(collectionId)).toEqual(
      before.map((r) => (r.data.country === "Laos" ? r : { ...r, version: 2 })),
    );
    await edit(collectionId, "Peru", { notes: "stays" });
    expect(await previewRedo(second.id)).toMatchObject({ toRemove: 1, changedSinceCount: 1 });
    expect(await redo(second.id)).toMatchObject({ removed: 1, kept: 1 });
    expect((await dataOf(collectionId)).map((d) => d.country)).toEqual(["Laos", "Peru"]);
    await remove(collectionId, "Peru");
    // Peru was removed by hand in the end: undoing the import does not bring it back.
    expect(await undo(second.id)).toMatchObject({ reinserted: 1 });
    expect((await dataOf(collectionId)).map((d) => d.country)).toEqual(["Laos", "Chile"]);
  });

  it("gives way to the same file anew, with exactly what it gave at first", async () => {
    const { first, second, collectionId } = await twoImports();
    const imported = await recordsOf(collectionId);
    await undo(second.id);
    const again = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,60,,\n${PERU}${CHILE}`, {
      collectionId: first.collectionId!,
      options: { onConflict: "overwrite" },
    });
    expect(again.counts).toEqual(second.counts);
    expect(again.result?.summary).toEqual(second.result?.summary);
    expect(await dataOf(collectionId)).toEqual(imported.map((r) => r.data));
  });

  it("names later imports that changed its records, and undone in turn they leave nothing edited", async () => {
    const { first, second, collectionId } = await twoImports();
    const third = await app.importFile(
      ctx,
      `${HEADER}Peru,2024-01-06,,Tourist,5,,\nLaos,2024-01-05,,Tourist,70,,\n`,
      {
        collectionId: collectionId!,
        options: { onConflict: "overwrite" },
        name: "third.csv",
      },
    );
    expect(await previewUndo(second.id)).toMatchObject({
      changedSinceCount: 2,
      laterImports: [{ id: third.id, fileName: "third.csv", records: 2 }],
    });
    expect(await previewUndo(first.id)).toMatchObject({
      laterImports: [
        { id: second.id, records: 1 },
        { id: third.id, records: 1 },
      ],
    });
    await undo(third.id);
    expect(await previewUndo(second.id)).toMatchObject({
      toRemove: 2,
      toRestore: 1,
      changedSinceCount: 0,
      laterImports: [],
    });
    await undo(second.id);
    expect(await dataOf(collectionId)).toEqual([expect.objectContaining({ country: "Laos", maxDays: 30 })]);
    // And all the way back again, in the order in which they had come.
    await redo(second.id);
    await redo(third.id);
    expect((await dataOf(collectionId)).map((d) => [d.country, d.maxDays])).toEqual([
      ["Laos", 70],
      ["Peru", 5],
      ["Chile", undefined],
    ]);
  });

  it("knows what the import had made of a record that a later one has changed", async () => {
    const first = await app.importFile(ctx, HEADER + LAOS, TRIPS);
    const { collectionId } = first;
    const deliver = (row: string) =>
      app.importFile(ctx, HEADER + row, {
        collectionId: collectionId!,
        options: { onConflict: "merge", threeWay: false },
      });
    // Merged: the file fills the gap, and what is there stays.
    const second = await deliver("Laos,2024-01-05,,Tourist,60,Peru,\n");
    expect(await recordIn(collectionId, "Laos")).toMatchObject({
      data: { maxDays: 30, passportCountry: "Peru" },
    });
    await deliver("Laos,2024-01-05,,Tourist,,,later\n");
    const { changedSince } = await previewUndo(second.id);
    expect(changedSince).toMatchObject([
      { written: { maxDays: 30, passportCountry: "Peru" }, fields: ["notes"] },
    ]);
  });

  it("says how long journals are kept once that time is over", async () => {
    const { second } = await twoImports();
    const { second: undone } = await twoImports();
    await undo(undone.id);
    await ctx.db
      .sql`update imports set expires_at = now() - interval '1 second' where id in ${ctx.db.sql([second.id, undone.id])}`;
    await expect(undo(second.id)).rejects.toMatchObject({
      code: "undo-expired",
      message: /kept for \d+ days/,
    });
    await expect(redo(undone.id)).rejects.toMatchObject({
      code: "redo-expired",
      message: /kept for \d+ days/,
    });
  });
});
