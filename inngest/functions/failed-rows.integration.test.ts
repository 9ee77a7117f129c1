import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceContext } from "@/lib/services/context";
import { fixRow } from "@/lib/services/imports/fix-row";
import { resolveImport } from "@/lib/services/imports/resolve";
import { listRows } from "@/lib/services/imports/rows";
import { getImport } from "@/lib/services/imports/view";
import { retryJob } from "@/lib/services/jobs/retry-job";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
const FILE = `${HEADER}Laos,2024-01-05,,Tourist,30,,a\nPeru,never,,Tourist,,,b\nCuba,2024-01-07,,,,,c\n`;
const TRIPS = { newCollection: { name: "Trips", template: "trips" as const } };

const countries = async (collectionId: string | null) => {
  const rows = await ctx.db.sql<{ country: string }[]>`
    select data ->> 'country' as country from records where collection_id = ${collectionId} order by 1`;
  return rows.map((r) => r.country);
};
const invalid = (id: string) => listRows(ctx, id, { status: "invalid", limit: 10 });

describe("a failed row, fixed while the import waits", () => {
  it("is checked again, joins the others, and is planned before anything is applied", async () => {
    const view = await app.importFile(ctx, FILE, { ...TRIPS, options: { stopBeforeApply: true } });
    expect(view).toMatchObject({ state: "awaiting_review", failedRows: { invalid: 2, fixed: 0 } });
    expect(Date.parse(view.expiresAt!) - Date.now()).toBeGreaterThan(6.9 * 24 * 3600_000);

    const still = await fixRow(ctx, view.id, 2, { values: { "Entry Date": "tomorrow" } });
    expect(still).toMatchObject({ fixed: false, errors: [{ field: "entryDate", value: "tomorrow" }] });
    const fixed = await fixRow(ctx, view.id, 2, { values: { "Entry Date": "2024-01-06" } });
    expect(fixed).toMatchObject({ fixed: true, errors: [], counts: { invalid: 1, fixed: 1 } });
    expect((await getImport(ctx, view.id)).counts).toMatchObject({ new: 2, invalid: 1 });
    expect((await invalid(view.id)).items.map((r) => r.number)).toEqual([3]);
    expect((await listRows(ctx, view.id, { status: "fixed", limit: 10 })).items).toMatchObject([
      { number: 2, values: { "Entry Date": "2024-01-06" } },
    ]);

    await resolveImport(ctx, view.id, {});
    const done = await app.settled(ctx, view.id);
    expect(done).toMatchObject({
      state: "completed_with_errors",
      result: { summary: { totalRecords: 3, imported: 2, failed: 1 } },
    });
    expect(await countries(done.collectionId)).toEqual(["Laos", "Peru"]);
    await expect(fixRow(ctx, view.id, 2, { values: {} })).rejects.toMatchObject({ code: "row-imported" });
  });

  it("asks when it turns out to clash with a record", async () => {
    const first = await app.importFile(ctx, `${HEADER}Peru,2024-01-06,,Tourist,30,,mine\n`, TRIPS);
    const options = { stopBeforeApply: true, threeWay: false };
    const into = { collectionId: first.collectionId!, options };
    const second = await app.importFile(
      ctx,
      `${HEADER}Peru,never,,Tourist,60,,\nLaos,2024-01-05,,Work,,,\n`,
      into,
    );
    expect(second.counts).toMatchObject({ new: 1, invalid: 1, conflicts: 0 });
    await fixRow(ctx, second.id, 1, { values: { "Entry Date": "2024-01-06" } });
    await resolveImport(ctx, second.id, {});
    const asked = await app.settled(ctx, second.id);
    expect(asked).toMatchObject({ state: "awaiting_review", counts: { conflicts: 1, invalid: 0 } });
    await resolveImport(ctx, second.id, { globalStrategy: "overwrite" });
    const done = await app.settled(ctx, second.id);
    expect(done.result?.summary).toMatchObject({ imported: 1, updated: 1, failed: 0 });
  });

  it("asks before a replacement removes records that it would have kept while the row was invalid", async () => {
    const first = await app.importFile(
      ctx,
      `${HEADER}Peru,2024-01-06,,Tourist,,,\nLaos,2024-01-05,,Tourist,,,\n`,
      TRIPS,
    );
    const second = await app.importFile(
      ctx,
      `${HEADER}Peru,2024-01-06,,Tourist,,,\nCuba,never,,Tourist,,,\n`,
      {
        collectionId: first.collectionId!,
        options: { strategy: "replace", stopBeforeApply: true },
      },
    );
    expect(second.counts).toMatchObject({ invalid: 1, toDelete: 0 });
    await fixRow(ctx, second.id, 2, { values: { "Entry Date": "2024-01-07" } });
    await resolveImport(ctx, second.id, {});
    const asked = await app.settled(ctx, second.id);
    expect(asked).toMatchObject({ state: "awaiting_review", counts: { new: 1, toDelete: 1, invalid: 0 } });
    expect(await countries(first.collectionId)).toEqual(["Laos", "Peru"]);
    await resolveImport(ctx, second.id, {});
    expect((await app.settled(ctx, second.id)).result?.summary).toMatchObject({ imported: 1, deleted: 1 });
    expect(await countries(first.collectionId)).toEqual(["Cuba", "Peru"]);
  });

  it("can be broken again, and counts as invalid again", async () => {
    const view = await app.importFile(ctx, FILE, { ...TRIPS, options: { stopBeforeApply: true } });
    await fixRow(ctx, view.id, 3, { values: { "Visa Type": "Work" } });
    const broken = await fixRow(ctx, view.id, 3, { values: { "Visa Type": "" } });
    expect(broken).toMatchObject({ fixed: false, counts: { invalid: 2, fixed: 0 } });
    await resolveImport(ctx, view.id, {});
    expect((await app.settled(ctx, view.id)).result?.summary).toMatchObject({ imported: 1, failed: 2 });
  });

  it("is refused in words where it makes no sense", async () => {
    const view = await app.importFile(ctx, FILE, { ...TRIPS, options: { stopBeforeApply: true } });
    await expect(fixRow(ctx, view.id, 1, { values: {} })).rejects.toMatchObject({ code: "row-not-failed" });
    await expect(fixRow(ctx, view.id, 2, { values: { Nowhere: "x" } })).rejects.toMatchObject({
      status: 422,
    });
    const empty = await fixRow(ctx, view.id, 2, { values: ["", "", "", "", "", "", ""] });
    expect(empty.fixed).toBe(false);
    const stranger = await app.newUser();
    await expect(fixRow(stranger, view.id, 2, { values: {} })).rejects.toMatchObject({ status: 404 });
  });
});

describe("failed rows, fixed after the import has ended", () => {
  it("are imported by themselves, into the same collection with the same columns", async () => {
    const view = await app.importFile(ctx, FILE, TRIPS);
    expect(view.result?.summary).toMatchObject({ imported: 1, failed: 2 });
    const fixed = await fixRow(ctx, view.id, 2, { values: { "Entry Date": "2024-01-06" } });
    expect(fixed.counts).toEqual({ invalid: 1, fixed: 1 });
    expect(await countries(view.collectionId)).toEqual(["Laos"]);
    const again = await retryJob(ctx, view.jobId, { failedRows: true });
    const done = await app.settled(ctx, again.id);
    expect(done).toMatchObject({
      state: "completed_with_errors",
      collectionId: view.collectionId,
      retryOf: { importId: view.id, rows: "failed" },
      result: { summary: { totalRecords: 2, imported: 1, failed: 1 } },
    });
    expect(await countries(view.collectionId)).toEqual(["Laos", "Peru"]);
    // What failed keeps its number and can be fixed there.
    expect((await invalid(done.id)).items.map((r) => r.number)).toEqual([3]);
    expect((await getImport(ctx, view.id)).result?.summary.failed).toBe(2);
  });

  it("of a strict import let the whole of it be run again", async () => {
    const strict = { ...TRIPS, options: { validation: { strict: true } } };
    const view = await app.importFile(ctx, FILE, strict);
    expect(view.state).toBe("failed");
    await expect(retryJob(ctx, view.jobId, { failedRows: true })).rejects.toMatchObject({ status: 409 });
    await fixRow(ctx, view.id, 2, { values: { "Entry Date": "2024-01-06" } });
    await fixRow(ctx, view.id, 3, { values: { "Visa Type": "Work" } });
    const again = await retryJob(ctx, view.jobId, { failedRows: false });
    const done = await app.settled(ctx, again.id);
    expect(done).toMatchObject({ state: "completed", result: { summary: { totalRecords: 3, imported: 3 } } });
    expect(await countries(done.collectionId)).toEqual(["Cuba", "Laos", "Peru"]);
  });

  it("bring along the fields that the import had made", async () => {
    const csv = `a,n\n${Array.from({ length: 40 }, (_, i) => `x${i},${i}\n`).join("")}y,many\n`;
    const view = await app.importFile(ctx, csv, {
      newCollection: { name: "Table" },
      mapping: [
        { column: "a", create: { name: "a", type: "text" } },
        { column: "n", create: { name: "n", type: "integer" } },
      ],
    });
    expect(view.result?.summary).toMatchObject({ imported: 40, failed: 1 });
    await fixRow(ctx, view.id, 41, { values: { n: "7" } });
    const done = await app.settled(ctx, (await retryJob(ctx, view.jobId, { failedRows: true })).id);
    expect(done.result?.summary).toMatchObject({ imported: 1, failed: 0 });
  });
});

describe("an import that waits", () => {
  it("tells a day before it expires, hears a decision still, and is cancelled otherwise", async () => {
    const options = { ...TRIPS, options: { stopBeforeApply: true } };
    const [one, other] = [await app.importFile(ctx, FILE, options), await app.importFile(ctx, FILE, options)];
    const { getJob } = await import("@/lib/services/jobs/get-job");
    const passTime = () =>
      ctx.db
        .sql`update engine.job set due_at = now() where kind = 'wake' and due_at > now() + interval '1 hour'`;
    const both = [one, other];
    await passTime();
    for (const { jobId } of both) {
      await expect
        .poll(async () => (await getJob(ctx, jobId)).notice, { timeout: 20_000 })
        .toContain("In one day");
    }
    await resolveImport(ctx, one.id, {});
    expect((await app.settled(ctx, one.id)).state).toBe("completed_with_errors");
    await passTime();
    await expect
      .poll(async () => (await getImport(ctx, other.id)).state, { timeout: 20_000 })
      .toBe("cancelled");
    expect((await getImport(ctx, other.id)).failure?.message).toContain("7 days");
  });
});
