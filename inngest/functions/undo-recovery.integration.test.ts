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

/** Everything an import may touch, but for the transaction that was the last to write a record. */
async function everythingIn(collectionId: string | null) {
  const { sql } = ctx.db;
  return {
    records: await sql`select id, version, data, key_hash::text, source_import_id, created_at, updated_at
      from records where collection_id = ${collectionId} order by id`,
    givens: await sql`select record_id, import_id, given, given_at from record_givens
      where collection_id = ${collectionId} order by record_id, import_id`,
    origins: await sql`select * from record_origins where collection_id = ${collectionId} order by 1, 2, 3`,
    collection: await sql`select fields, record_count, writer_id from collections where id = ${collectionId}`,
  };
}

describe("a rollback", () => {
  it.each([{ strategy: "merge", onConflict: "overwrite" }, { strategy: "replace" }] as const)(
    "leaves the data exactly as they were: %o",
    async (options) => {
      const first = await app.importFile(
        ctx,
        `${HEADER}Laos,2024-01-05,,Tourist,30,,\nPeru,2024-01-06,,Tourist,,,\nChile,2024-01-07,,Tourist,,,\n`,
        { ...TRIPS, name: "first.csv" },
      );
      const { updateRecord } = await import("@/lib/services/records/update");
      const { collectionId } = first;
      const [peru] = await ctx.db.sql<{ id: string }[]>`
        select id from records where collection_id = ${collectionId} and data ->> 'country' = 'Peru'`;
      await updateRecord(
        ctx,
        { collectionId: collectionId!, recordId: peru!.id },
        { data: { notes: "mine" }, expected: undefined },
      );
      const before = await everythingIn(collectionId);
      const second = await app.importFile(
        ctx,
        `${HEADER}Laos,2024-01-05,,Tourist,60,,\nPeru,2024-01-06,,Tourist,9,,theirs\nCuba,2024-01-08,,Tourist,,,\n`,
        { collectionId: collectionId!, options, name: "second.csv" },
      );
      expect(second.result?.summary).toMatchObject({ imported: 1, updated: 2 });
      expect(await everythingIn(collectionId)).not.toEqual(before);
      // As if the worker had died for good before the last step.
      await ctx.db.sql`update imports set state = 'applying', finished_at = null where id = ${second.id}`;
      const { rollBackImport } = await import("@/lib/services/imports/rollback");
      const failure = { code: "internal", message: "It failed." };
      await rollBackImport(ctx, second.id, { kind: "failed", failure });
      expect(await everythingIn(collectionId)).toEqual(before);
      await rollBackImport(ctx, second.id, { kind: "failed", failure });
      expect(await everythingIn(collectionId)).toEqual(before);
    },
  );
});

/** 21,000 rows make three chunks. */
const MANY =
  HEADER + Array.from({ length: 21_000 }, (_, i) => `Peru,2024-01-06,,Visa ${i},${i},,\n`).join("");

describe("an undo that fails half-way", () => {
  const dataOf = async (collectionId: string | null) =>
    (
      await ctx.db.sql<{ id: string; data: object }[]>`
        select id, data from records where collection_id = ${collectionId} order by id`
    ).map((r) => `${r.id} ${JSON.stringify(r.data)}`);

  /** Begins an undo or redo by hand, does one chunk of it (twice), and gives up. */
  async function failAfterOneChunk(importId: string, kind: "undo" | "redo") {
    const silent = { ...ctx, sendEvents: () => Promise.resolve() };
    const { startUndo } = await import("@/lib/services/imports/undo");
    const { startRedo } = await import("@/lib/services/imports/redo");
    const work = await import("@/lib/services/imports/undo-work");
    const { undoChunk } = await import("@/db/bulk/import-undo");
    const { redoChunk } = await import("@/db/bulk/import-redo");
    const { journalChunks } = await import("@/db/queries/imports");
    const { loadRunning } = await import("@/lib/services/imports/running");
    const { jobId } =
      kind === "undo"
        ? await startUndo(silent, importId, { changedSince: "keep" })
        : await startRedo(silent, importId);
    expect(await work.claimForRun(ctx, importId, kind)).toEqual({ outcome: "claimed" });
    const { row, rules, collection } = await loadRunning(ctx, importId);
    const open = (await journalChunks(ctx.db.sql, importId)).filter((c) => c.undone === (kind === "redo"));
    const input = {
      importId,
      collectionId: collection!.id,
      ownerId: row.ownerId,
      ids: { by: "prefix" as const, prefix: row.idPrefix },
      keyFields: collection!.keyFields,
      chunk: open[0]!.chunk,
      firstRow: open[0]!.firstRow,
      lastRow: open[0]!.lastRow,
    };
    const once = () =>
      ctx.db.sql.begin((tx) =>
        kind === "undo"
          ? undoChunk(tx, { ...input, mode: { kind, undoId: jobId, changedSince: "keep", rules } })
          : redoChunk(tx, { ...input, rules, redoId: jobId }),
      );
    expect(await once()).toBeDefined();
    const after = await dataOf(collection!.id);
    expect(await once()).toBeUndefined();
    expect(await dataOf(collection!.id)).toEqual(after);
    await work.failRun(ctx, importId, kind, "The disk is full.");
    await work.failRun(ctx, importId, kind, "The disk is full.");
  }

  async function run(importId: string, kind: "undo" | "redo") {
    const { startUndo, undoOutcome } = await import("@/lib/services/imports/undo");
    const { startRedo } = await import("@/lib/services/imports/redo");
    const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
    const { jobId } =
      kind === "undo"
        ? await startUndo(ctx, importId, { changedSince: "keep" })
        : await startRedo(ctx, importId);
    expect(await waitForJob(ctx, jobId, 60)).toMatchObject({ state: "completed", percentage: 100 });
    return await undoOutcome(ctx, importId);
  }

  it("can be gone on with or gone back from, and so can a redo", async () => {
    const seed = await app.importFile(ctx, `${HEADER}Laos,2024-01-05,,Tourist,30,,\n`, TRIPS);
    const { collectionId } = seed;
    const before = await dataOf(collectionId);
    const view = await app.importFile(ctx, MANY, { collectionId: collectionId! });
    const imported = await dataOf(collectionId);
    expect(imported).toHaveLength(21_001);
    const { previewImportUndo } = await import("@/lib/services/imports/undo");
    const { previewImportRedo } = await import("@/lib/services/imports/redo");
    const { getImport } = await import("@/lib/services/imports/view");

    await failAfterOneChunk(view.id, "undo");
    expect((await getImport(ctx, view.id)).state).toBe("completed");
    const left = (await dataOf(collectionId)).length;
    expect(left).toBeLessThan(21_001);
    expect(await previewImportUndo(ctx, view.id)).toMatchObject({ toRemove: left - 1, changedSinceCount: 0 });
    expect(await previewImportRedo(ctx, view.id)).toMatchObject({ toReinsert: 21_001 - left });
    expect(await run(view.id, "redo")).toMatchObject({ state: "completed", reinserted: 21_001 - left });
    expect(await dataOf(collectionId)).toEqual(imported);

    await failAfterOneChunk(view.id, "undo");
    expect(await run(view.id, "undo")).toMatchObject({ state: "undone" });
    expect(await dataOf(collectionId)).toEqual(before);

    await failAfterOneChunk(view.id, "redo");
    expect((await getImport(ctx, view.id)).state).toBe("undone");
    expect(await run(view.id, "undo")).toMatchObject({ state: "undone" });
    expect(await dataOf(collectionId)).toEqual(before);
    await failAfterOneChunk(view.id, "redo");
    expect(await run(view.id, "redo")).toMatchObject({ state: "completed" });
    expect(await dataOf(collectionId)).toEqual(imported);
    const [c] = await ctx.db.sql`select record_count, writer_id from collections where id = ${collectionId}`;
    expect(c).toEqual({ record_count: 21_001, writer_id: null });
  });
});
