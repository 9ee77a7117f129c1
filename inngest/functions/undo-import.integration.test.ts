import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CHILE,
  HEADER,
  LAOS,
  PERU,
  TRIPS,
  app,
  close,
  ctx,
  dataOf,
  edit,
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
