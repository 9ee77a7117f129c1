import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

async function recordsOf(collectionId: string | null) {
  return await ctx.db.sql<{ id: string; version: number; data: Record<string, unknown> }[]>`
    select id, version, data from records where collection_id = ${collectionId} order by id`;
}

describe("an import", () => {
  it("brings a Trips file in, corrected and counted, in the order of the file", async () => {
    const view = await app.importFile(
      ctx,
      `${HEADER}Viet Nam,2024-01-05,2024-02-01,Tourist,30,Germany,"Hà Nội, ""old"" town"\nThailand,2024-03-01,current,Visa free,,,\n`,
      TRIPS,
    );
    expect(view.failure).toBeNull();
    expect(view.state).toBe("completed");
    expect(view.result?.summary).toEqual({
      totalRecords: 2,
      imported: 2,
      updated: 0,
      deleted: 0,
      skipped: 0,
      unchanged: 0,
      failed: 0,
    });
    expect((await recordsOf(view.collectionId)).map((r) => r.data)).toEqual([
      {
        country: "Vietnam",
        entryDate: "2024-01-05",
        exitDate: "2024-02-01",
        visaType: "Tourist",
        maxDays: 30,
        passportCountry: "Germany",
        notes: 'Hà Nội, "old" town',
      },
      { country: "Thailand", entryDate: "2024-03-01", visaType: "Visa free" },
    ]);
  });

  it("names one bad date in row 500 of 10,000 and keeps the other 9,999", async () => {
    let csv = HEADER;
    for (let row = 1; row <= 10_000; row++) {
      csv += `Japan,${row === 500 ? "2024-02-31" : "2024-02-01"},,Tourist ${row},,,\n`;
    }
    const view = await app.importFile(ctx, csv, TRIPS);
    expect(view.state).toBe("completed_with_errors");
    expect(view.result?.summary).toMatchObject({ totalRecords: 10_000, imported: 9_999, failed: 1 });
    const { listRows } = await import("@/lib/services/imports/rows");
    const { items } = await listRows(ctx, view.id, { status: "invalid", limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ number: 500, errors: [{ field: "entryDate", value: "2024-02-31" }] });
  });

  it("reports everything as unchanged when the same file comes again", async () => {
    const csv = `${HEADER}Laos,2024-01-05,,Tourist,,,\nLaos,2024-01-05,,Tourist,,,\nPeru,2024-01-06,,Tourist,,,\n`;
    const first = await app.importFile(ctx, csv, TRIPS);
    const again = await app.importFile(ctx, csv, { collectionId: first.collectionId! });
    expect(again.result?.summary).toMatchObject({ imported: 0, updated: 0, skipped: 3, unchanged: 3 });
    const three = await app.importFile(ctx, `${csv}Laos,2024-01-05,,Tourist,,,\n`, {
      collectionId: first.collectionId!,
    });
    expect(three.result?.summary).toMatchObject({ imported: 1, unchanged: 3 });
  });

  it("waits for a decision when a row clashes with a record, and goes on with it", async () => {
    const first = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,30,,mine\n`, TRIPS);
    const second = await app.importFile(
      ctx,
      `${HEADER}Laos,2024-01-05,,Tourist,60,,\nPeru,2024-01-06,,Tourist,,,\n`,
      { collectionId: first.collectionId!, name: "another source" },
    );
    expect(second.state).toBe("awaiting_review");
    expect(second.counts).toMatchObject({ new: 1, conflicts: 1, toUpdate: 0 });
    const { listConflicts } = await import("@/lib/services/imports/conflicts");
    const { items } = await listConflicts(ctx, second.id, { limit: 10 });
    expect(items).toMatchObject([{ id: "1", kind: "same-key", row: 1, differingFields: ["maxDays"] }]);
    const { resolveImport } = await import("@/lib/services/imports/resolve");
    await resolveImport(ctx, second.id, { globalStrategy: "overwrite" });
    const done = await app.settled(ctx, second.id);
    expect(done.result?.summary).toMatchObject({ imported: 1, updated: 1 });
    const records = await recordsOf(first.collectionId);
    expect(records[0]).toMatchObject({ version: 2, data: { maxDays: 60, notes: "mine" } });
  });

  it.each([
    [
      { strategy: "merge", onConflict: "keepBoth" },
      { new: 3, toUpdate: 0, skipped: 0 },
    ],
    [
      { strategy: "merge", onConflict: "merge" },
      { new: 1, toUpdate: 1, skipped: 0 },
    ],
    [
      { strategy: "merge", onConflict: "skip" },
      { new: 1, toUpdate: 0, skipped: 2 },
    ],
    [{ strategy: "skipExisting" }, { new: 1, toUpdate: 0, skipped: 2 }],
    [{ strategy: "insertOnly" }, { new: 1, toUpdate: 0, skipped: 2 }],
    [
      { strategy: "updateOnly", onConflict: "overwrite" },
      { new: 0, toUpdate: 2, skipped: 1 },
    ],
  ] as const)("commits what its plan counts: %o", async (options, counted) => {
    const mine = `${HEADER}Laos,2024-01-05,,Tourist,30,,\nPeru,2024-01-06,,Tourist,,,gap\nChile,2024-01-07,,Tourist,,,\n`;
    const theirs = `${HEADER}Laos,2024-01-05,,Tourist,60,,\nPeru,2024-01-06,,Tourist,9,,gap\nChile,2024-01-07,,Tourist,,,\nCuba,2024-01-08,,Tourist,,,\n`;
    const { collectionId } = await app.importFile(ctx, mine, TRIPS);
    const view = await app.importFile(ctx, theirs, {
      collectionId: collectionId!,
      name: "another source",
      options,
    });
    expect(view.counts).toMatchObject({ ...counted, conflicts: 0 });
    expect(view.result?.summary).toMatchObject({
      imported: counted.new,
      updated: counted.toUpdate,
      totalRecords: 4,
    });
    expect(await recordsOf(collectionId)).toHaveLength(3 + counted.new);
  });

  it("merges field by field as it was decided", async () => {
    const { collectionId } = await app.importFile(
      ctx,
      `${HEADER}Laos,2024-01-05,,Tourist,30,Peru,mine\n`,
      TRIPS,
    );
    const second = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,60,,theirs\n`, {
      collectionId: collectionId!,
      name: "another source",
    });
    const { resolveImport } = await import("@/lib/services/imports/resolve");
    await resolveImport(ctx, second.id, {
      specificResolutions: [
        {
          conflictId: "1",
          resolution: "merge",
          fields: { maxDays: "incoming", notes: "existing", passportCountry: { value: "DE" } },
        },
      ],
    });
    expect((await app.settled(ctx, second.id)).result?.summary).toMatchObject({ updated: 1 });
    expect((await recordsOf(collectionId))[0]!.data).toMatchObject({
      maxDays: 60,
      notes: "mine",
      passportCountry: "Germany",
    });
  });

  it("is undone: inserted records go, updated ones return, records edited since stay", async () => {
    const first = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,30,,\n`, TRIPS);
    const second = await app.importFile(
      ctx,
      `${HEADER}Laos,2024-01-05,,Tourist,60,,\nPeru,2024-01-06,,Tourist,,,\nChile,2024-01-06,,Tourist,,,\n`,
      { collectionId: first.collectionId!, options: { onConflict: "overwrite" } },
    );
    expect(second.result?.summary).toMatchObject({ imported: 2, updated: 1 });
    await ctx.db
      .sql`update records set version = 2, data = data || '{"notes":"edited"}', source_import_id = null
      where collection_id = ${first.collectionId} and data ->> 'country' = 'Chile'`;
    const { previewImportUndo, startUndo } = await import("@/lib/services/imports/undo");
    expect(await previewImportUndo(ctx, second.id)).toMatchObject({
      toRemove: 1,
      toRestore: 1,
      changedSince: [{ kind: "inserted", fields: ["notes"] }],
    });
    const { jobId } = await startUndo(ctx, second.id, { changedSince: "keep" });
    const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
    expect(await waitForJob(ctx, jobId, 20)).toMatchObject({ state: "completed" });
    const records = await recordsOf(first.collectionId);
    expect(records.map((r) => r.data.country)).toEqual(["Laos", "Chile"]);
    expect(records[0]!.data).toEqual({
      country: "Laos",
      entryDate: "2024-01-05",
      visaType: "Tourist",
      maxDays: 30,
    });
    const [c] = await ctx.db.sql`select record_count from collections where id = ${first.collectionId}`;
    expect(c).toEqual({ record_count: 2 });
  });

  it("takes the guard off text that a spreadsheet would have run, and off nothing else", async () => {
    const view = await app.importFile(ctx, "a,b\n'=1+1,'plain\n''@x,5\n", {
      newCollection: { name: "Table" },
    });
    expect((await recordsOf(view.collectionId)).map((r) => r.data)).toEqual([
      { a: "=1+1", b: "'plain" },
      { a: "'@x", b: "5" },
    ]);
  });

  it("into a new collection leaves nothing at all once undone", async () => {
    const view = await app.importFile(ctx, "a,b\n1,x\n2,y\n", { newCollection: { name: "Table" } });
    const { startUndo } = await import("@/lib/services/imports/undo");
    const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
    const { jobId } = await startUndo(ctx, view.id, { changedSince: "keep" });
    await waitForJob(ctx, jobId, 20);
    expect(await ctx.db.sql`select 1 from collections where id = ${view.collectionId}`).toHaveLength(0);
  });

  it("keeps a draft's other options when one is changed", async () => {
    const draft = await app.importFile(ctx, "a,b\n1,x\n", {
      newCollection: { name: "Table" },
      options: { autoStart: false, strategy: "skipExisting" },
    });
    const { changeMapping } = await import("@/lib/services/imports/change-mapping");
    const changed = await changeMapping(ctx, draft.id, { options: { onConflict: "skip" } });
    expect(changed.options).toMatchObject({ strategy: "skipExisting", onConflict: "skip", autoStart: false });
  });

  it("fails as a whole in strict mode, with every invalid row named, and changes nothing", async () => {
    const view = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,,,\nPeru,never,,Tourist,,,\n`, {
      ...TRIPS,
      options: { validation: { strict: true } },
    });
    expect(view.state).toBe("failed");
    expect(view.failure?.code).toBe("validation-failed");
    expect(view.collectionId).toBeNull();
  });

  it("waits its turn when another import writes to the same collection, and plans anew", async () => {
    const first = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,30,,\n`, TRIPS);
    const collectionId = first.collectionId!;
    const csv = HEADER + Array.from({ length: 3_000 }, (_, i) => `Peru,2024-01-06,,Visa ${i},,,\n`).join("");
    const [a, b] = await Promise.all([
      app.importFile(ctx, csv, { collectionId }),
      app.importFile(ctx, csv, { collectionId }),
    ]);
    const imported = [a, b].map((v) => v.result?.summary.imported).sort();
    expect(imported).toEqual([0, 3_000]);
    expect(await recordsOf(collectionId)).toHaveLength(3_001);
  });
});
