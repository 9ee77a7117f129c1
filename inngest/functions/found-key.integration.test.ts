import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImportOptionsShape, type ImportOptions } from "@/lib/contracts/imports";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { getCollection } from "@/lib/services/collections/get";
import { beginImport } from "@/lib/services/imports/begin";
import { changeMapping } from "@/lib/services/imports/change-mapping";
import { createImport } from "@/lib/services/imports/create";
import { previewImport } from "@/lib/services/imports/preview";
import { startRedo } from "@/lib/services/imports/redo";
import { startUndo } from "@/lib/services/imports/undo";
import { getImport } from "@/lib/services/imports/view";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { createRecord } from "@/lib/services/records/create";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const table = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(",")).join("\n");
const HEADER = ["Report No.", "State", "Cost"];
const into = (collectionId: string | null) =>
  collectionId === null ? { newCollection: { name: "Reports" } } : { collectionId };
const keyOf = async (collectionId: string | null) => (await getCollection(ctx, collectionId!)).keyFields;

it("finds the identifier of a new table, so that a later file updates its records and doubles none", async () => {
  const first = await app.importFile(
    ctx,
    table([HEADER, ["R-1", "Texas", "5"], ["R-2", "Iowa", "7"], ["R-3", "Iowa", "7"]]),
    into(null),
  );
  expect(await keyOf(first.collectionId)).toEqual(["reportNo"]);
  expect(first.result?.recommendations).toEqual([expect.stringContaining("“Report No.”")]);

  const second = await app.importFile(
    ctx,
    table([HEADER, ["R-1", "Texas", "6"], ["R-2", "Iowa", "7"], ["R-4", "Ohio", "1"]]),
    into(first.collectionId),
  );
  expect(second.result?.summary).toMatchObject({ imported: 1, updated: 1, unchanged: 1 });
});

it("keeps it through an undo that removes the collection, and its redo", async () => {
  const rows = table([HEADER, ["R-1", "Texas", "5"], ["R-2", "Iowa", "7"]]);
  const first = await app.importFile(ctx, rows, into(null));
  await waitForJob(ctx, (await startUndo(ctx, first.id, { changedSince: "keep" })).jobId, 60);
  await waitForJob(ctx, (await startRedo(ctx, first.id)).jobId, 60);
  expect(await keyOf(first.collectionId)).toEqual(["reportNo"]);
  const again = await app.importFile(ctx, rows, into(first.collectionId));
  expect(again.result?.summary).toMatchObject({ imported: 0, updated: 0, unchanged: 2 });
});

it("takes no field that is the same in two rows, wherever they stand, or empty in one", async () => {
  const many = Array.from({ length: 1_500 }, (_, i) => [`R-${i}`, "Texas", String(i)]);
  for (const last of ["R-3", ""]) {
    const made = await app.importFile(ctx, table([HEADER, ...many, [last, "Iowa", "1"]]), into(null));
    expect(made.result?.summary).toMatchObject({ imported: 1_501 });
    expect(await keyOf(made.collectionId)).toEqual([]);
    expect(made.result?.recommendations).toEqual([]);
  }
});

it("leaves the person's own choice alone", async () => {
  const made = await app.importFile(ctx, table([HEADER, ["R-1", "Texas", "5"], ["R-2", "Iowa", "7"]]), {
    ...into(null),
    options: { matching: { criteria: ["state"] } },
  });
  expect(await keyOf(made.collectionId)).toEqual(["state"]);
});

describe("of a collection that has records and no key", () => {
  const FILE = table([HEADER, ["R-1", "Texas", "6"], ["R-3", "Ohio", "1"]]);
  const fields = [
    { name: "reportNo", label: "Report No.", type: "text" as const },
    { name: "state", type: "text" as const },
    { name: "cost", type: "integer" as const },
  ];
  /** What the wizard's Check step is told of a file for it. */
  async function suggested(
    records: readonly Record<string, string | number>[],
    matching: Partial<ImportOptions["matching"]> = {},
  ) {
    const { id: collectionId } = await createCollection(ctx, { name: "By hand", fields });
    for (const data of records) await createRecord(ctx, collectionId, { data });
    const options = ImportOptionsShape.parse({ autoStart: false, matching });
    const { id } = await createImport(ctx, { uploadId: await app.upload(ctx, FILE), collectionId, options });
    return { id, collectionId, key: (await previewImport(ctx, id, 5)).suggestedKey };
  }

  it("proposes the field that tells all records and the first rows apart, and does nothing by itself", async () => {
    const { id, collectionId, key } = await suggested([
      { reportNo: "R-1", state: "Texas", cost: 5 },
      { reportNo: "R-2" },
    ]);
    expect(key).toBe("reportNo");
    const { options } = await getImport(ctx, id);
    expect(options.matching.criteria).toBeUndefined();
    const matching = { ...options.matching, criteria: [key!] };
    await changeMapping(ctx, id, { options: { matching } });
    expect((await previewImport(ctx, id, 5)).suggestedKey).toBeNull();
    await beginImport(ctx, id, {});
    const done = await app.settled(ctx, id);
    expect(done.counts).toMatchObject({ new: 1, clashes: 1 });
    expect(await keyOf(collectionId)).toEqual([]);
  });

  it.each<[string, Record<string, string>[], Partial<ImportOptions["matching"]>]>([
    ["two records have the same", [{ reportNo: "R-1" }, { reportNo: "R-1" }], {}],
    ["a record has none", [{ reportNo: "R-1" }, { state: "Texas" }], {}],
    ["there are no records", [], {}],
    ["the person has chosen", [{ reportNo: "R-1" }], { criteria: ["state"] }],
    ["nothing is to be matched", [{ reportNo: "R-1" }], { mode: "off" }],
  ])("proposes none where %s", async (_, records, matching) => {
    expect((await suggested(records, matching)).key).toBeNull();
  });
});

it("believes a file of Ferry's own that had no key", async () => {
  const field = { name: "id", label: "ID", type: "text", required: false };
  const collection = { name: "Reports", fields: [field], keyFields: [] };
  const records = [{ data: { id: "a" } }, { data: { id: "b" } }];
  const ferry = { format: "ferry-export", version: 1, exportedAt: "2026-11-01T00:00:00.000Z" };
  const file = JSON.stringify({ ferry, collections: [{ ...collection, records }] });
  expect(await keyOf((await app.importFile(ctx, file, into(null))).collectionId)).toEqual([]);
  // The same rows in a file that says nothing of it.
  const plain = JSON.stringify(records.map(({ data }) => data));
  expect(await keyOf((await app.importFile(ctx, plain, into(null))).collectionId)).toEqual(["id"]);
});
