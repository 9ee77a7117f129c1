import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  HEADER,
  LAOS,
  PERU,
  TRIPS,
  app,
  close,
  ctx,
  dataOf,
  edit,
  notesOf,
  open,
  previewRedo,
  previewUndo,
  recordIn,
  recordsOf,
  redo,
  remove,
  twoImports,
  undo,
} from "./testing/undos";

beforeAll(open);
afterAll(close);

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
