import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { at, change, library } from "@/inngest/functions/testing/library";
import { backUp, carryOut, contentOf, plan, run } from "@/inngest/functions/testing/restores";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { deleteCollection } from "@/lib/services/collections/delete";
import { previewImportRedo } from "@/lib/services/imports/redo";
import { previewImportUndo, startUndo } from "@/lib/services/imports/undo";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { previewRestoreUndo } from "@/lib/services/restores/undo";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

describe("the undo of a restore", () => {
  it("gives back what was there before, and the redo what the restore had made of it", async () => {
    const { books, records } = await library(ctx);
    const gone = await createCollection(ctx, { name: "Gone", fields: [{ name: "word", type: "text" }] });
    await createRecord(ctx, gone.id, { data: { word: "back" } });
    const inBackup = await contentOf(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed", pages: null });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    await createRecord(ctx, books.id, { data: { title: "New" } });
    await deleteCollection(ctx, gone.id);
    const before = await contentOf(ctx);

    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id);
    expect(await contentOf(ctx)).toEqual(inBackup);
    const undone = await run(ctx, id, "undo");
    expect(undone).toMatchObject({
      state: "undone",
      undo: { removed: 2, restored: 1, reinserted: 1, kept: 0 },
    });
    expect(await contentOf(ctx)).toEqual(before);
    const redone = await run(ctx, id, "redo");
    expect(redone.state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(inBackup);
    await run(ctx, id, "undo");
    expect(await contentOf(ctx)).toEqual(before);
  });

  it("keeps records that were edited since, unless they are to go back as well", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    await change(ctx, books, records[1]!, { title: "Changed" });
    const before = await contentOf(ctx);
    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id);
    await change(ctx, books, records[0]!, { title: "Edited after it came back" });
    await change(ctx, books, records[1]!, { pages: 7 });
    const preview = await previewRestoreUndo(ctx, await requireRestore(ctx, id));
    expect(preview).toMatchObject({ toRemove: 0, toRestore: 0, changedSinceCount: 2 });
    expect(preview.changedSince.map(({ kind, fields }) => [kind, fields])).toEqual([
      ["inserted", ["title"]],
      ["updated", ["pages"]],
    ]);
    expect(await run(ctx, id, "undo")).toMatchObject({ undo: { kept: 2 } });
    await run(ctx, id, "redo");
    expect(await run(ctx, id, "undo", "revert")).toMatchObject({ undo: { kept: 0 } });
    expect(await contentOf(ctx)).toEqual(before);
  });

  it("keeps or takes back edited records one by one, and field by field", async () => {
    const { books, records } = await library(ctx);
    const letters = await createCollection(ctx, { name: "Letters", fields: [{ name: "to", type: "text" }] });
    const letter = await createRecord(ctx, letters.id, { data: { to: "Ada" } });
    const backupId = await backUp(ctx);
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    for (const record of records.slice(1, 3)) await change(ctx, books, record, { title: "Mine", pages: 1 });
    await deleteRecord(ctx, at(letters, letter), undefined);
    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id);
    await change(ctx, books, records[0]!, { title: "Edited" });
    for (const record of records.slice(1, 3)) await change(ctx, books, record, { title: "Edited" });
    await change(ctx, letters, letter, { to: "Grace" });

    const preview = await previewRestoreUndo(ctx, await requireRestore(ctx, id));
    expect(preview.changedSinceCount).toBe(4);
    expect(preview.collections.map(({ name, fields }) => [name, fields.map((f) => f.name)]).sort()).toEqual([
      ["Books", ["title", "pages"]],
      ["Letters", ["to"]],
    ]);
    const ofBooks = preview.collections.find(({ name }) => name === "Books")!.importId;
    const recordIds = records.map((record) => record.id);
    const undone = await run(ctx, id, "undo", "keep", [
      { importId: ofBooks, recordId: recordIds[0]!, resolution: "revert" },
      { importId: ofBooks, recordId: recordIds[1]!, resolution: "keep", fields: { pages: "revert" } },
      // Without the name of its import.
      { recordId: recordIds[2]!, resolution: "revert", fields: { title: "keep" } },
    ]);
    expect(undone.undo).toMatchObject({ kept: 1 });
    const content = await contentOf(ctx);
    expect(content[books.id]).toMatchObject({
      records: {
        [recordIds[1]!]: { title: "Edited", pages: 1 },
        [recordIds[2]!]: { title: "Edited", pages: 1 },
        [recordIds[3]!]: { title: "Book 4", pages: 400 },
      },
    });
    expect(content[books.id]).not.toHaveProperty(`records.${recordIds[0]!}`);
    expect(content[letters.id]).toMatchObject({ records: { [letter.id]: { to: "Grace" } } });
  });

  it("is named as one restore, over all collections, by undo and redo of what came before", async () => {
    const { books, records } = await library(ctx);
    const letters = await createCollection(ctx, { name: "Letters", fields: [{ name: "to", type: "text" }] });
    const letter = await createRecord(ctx, letters.id, { data: { to: "Ada" } });
    const backupId = await backUp(ctx);
    const rewrite = async (word: string) => {
      for (const record of records) await change(ctx, books, record, { title: word });
      await change(ctx, letters, letter, { to: word });
    };
    await rewrite("first");
    const first = await plan(ctx, backupId);
    await carryOut(ctx, first.id);
    await rewrite("second");
    const imported = await app.importFile(ctx, "title,pages\nBook 9,900\n", { collectionId: books.id });
    const second = await plan(ctx, backupId);
    await carryOut(ctx, second.id);

    const undoOfRestore = await previewRestoreUndo(ctx, await requireRestore(ctx, first.id));
    expect(undoOfRestore.laterImports).toMatchObject([{ restoreId: second.id, records: 5 }]);
    const undoOfImport = await previewImportUndo(ctx, imported.id);
    expect(undoOfImport.laterImports).toMatchObject([{ restoreId: second.id, records: 1 }]);

    const { jobId } = await startUndo(ctx, imported.id, { changedSince: "keep" });
    await waitForJob(ctx, jobId, 60);
    await rewrite("third");
    const third = await plan(ctx, backupId);
    await carryOut(ctx, third.id);
    const again = await app.importFile(ctx, "title,pages\nBook 10,1000\n", { collectionId: books.id });
    expect((await previewImportRedo(ctx, imported.id)).laterImports).toMatchObject([
      { restoreId: third.id, records: 4 },
      { restoreId: null, id: again.id, records: 1 },
    ]);
  });

  it("refuses choices that cannot be meant", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Mine" });
    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id);
    await change(ctx, books, records[0]!, { title: "Edited" });
    const recordId = records[0]!.id;
    const refused = async (one: object) =>
      await run(ctx, id, "undo", "keep", [{ recordId, resolution: "keep", ...one }]).catch(
        (error: { status: number; details: { path: string }[] }) => [error.status, error.details[0]!.path],
      );
    const path = "specificResolutions.0";
    expect(await refused({ importId: newId() })).toEqual([422, `${path}.importId`]);
    expect(await refused({ fields: { nowhere: "revert" } })).toEqual([422, `${path}.fields.nowhere`]);
    expect((await getRestore(ctx, id)).state).toBe("completed");
  });
});
