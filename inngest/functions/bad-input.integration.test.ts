import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { listRows } from "@/lib/services/imports/rows";
import { createUpload } from "@/lib/services/uploads/create-upload";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterAll(() => app.close());

const TABLE = { newCollection: { name: "Table" } };

async function refusal(work: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof AppError)) throw new Error("it was not refused in words", { cause: error });
  return { status: error.status, code: error.code, message: error.message };
}

async function dataOf(collectionId: string | null): Promise<unknown[]> {
  const rows = await ctx.db.sql<{ data: unknown }[]>`
    select data from records where collection_id = ${collectionId} order by id`;
  return rows.map((r) => r.data);
}

describe("a file that is refused", () => {
  it.each([
    ["an empty one", "", "empty-file"],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "unsupported-format"],
    [
      "an old Excel file",
      Buffer.from("d0cf11e0a1b11ae1000000000000000000000000", "hex"),
      "unsupported-format",
    ],
    [
      "a table of 5,000 columns",
      `${Array.from({ length: 5_000 }, (_, i) => `c${i}`).join(",")}\n1\n`,
      "too-many-columns",
    ],
  ])("%s", async (_what, content, code) => {
    const refused = await refusal(app.importFile(ctx, content, TABLE));
    expect(refused).toMatchObject({ status: 422, code });
    expect(refused.message).toMatch(/[a-z]{3}.*\.$/i);
  });

  it("one of 3 GiB, before a byte of it is sent", async () => {
    const refused = await refusal(createUpload(ctx, { name: "big.csv", size: 3 * 1024 ** 3 }));
    expect(refused).toMatchObject({ status: 413, code: "file-too-large" });
    expect(refused.message).toContain("2");
  });

  it("one that has a header and nothing below it", async () => {
    const view = await app.importFile(ctx, "Country,Entry Date,Visa Type\n", {
      newCollection: { name: "Trips", template: "trips" },
    });
    expect(view).toMatchObject({ state: "failed", failure: { code: "no-rows" }, collectionId: null });
  });

  it("an Excel file that is said to be CSV", async () => {
    const zip = Buffer.concat([Buffer.from("504b0304140000000800", "hex"), Buffer.alloc(200, 7)]);
    const refused = await refusal(app.importFile(ctx, zip, { ...TABLE, source: { format: "csv" } }));
    expect(refused.status).toBe(422);
  });
});

describe("a file that is read as far as it goes", () => {
  it("keeps the rows before a quote that is never closed, and says where it opened", async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i},"text, ${i}"\n`).join("");
    const view = await app.importFile(ctx, `a,b\n${lines}300,"never closed\n301,"x" y\n`, TABLE);
    expect(view.state).toMatch(/^completed/);
    expect(view.result!.summary.imported).toBeGreaterThanOrEqual(300);
    const rows = await dataOf(view.collectionId);
    expect(rows[299]).toMatchObject({ b: "text, 299" });
  });

  it("keeps the rows before the place where the stored file breaks off", async () => {
    const line = `x,${"y".repeat(1_000)}\n`;
    const uploadId = await app.upload(ctx, `a,b\n${line.repeat(12_000)}`, "big.csv");
    const { createImport } = await import("@/lib/services/imports/create");
    const { beginImport } = await import("@/lib/services/imports/begin");
    const { ImportOptionsShape } = await import("@/lib/contracts/imports");
    const options = ImportOptionsShape.parse({ autoStart: false });
    const draft = await createImport(ctx, { uploadId, ...TABLE, options });
    const [second] = await ctx.db.sql<{ key: string }[]>`
      select storage_key as key from upload_parts where upload_id = ${uploadId} and number = 2`;
    await ctx.storage.delete(second!.key);
    await beginImport(ctx, draft.id, {});
    const view = await app.settled(ctx, draft.id);
    expect(view).toMatchObject({ state: "completed_with_errors", fileProblem: { code: "truncated" } });
    expect(view.result!.summary.imported).toBeGreaterThan(5_000);
    expect(view.result!.warnings.join(" ")).toContain("only be read in part");
  });

  it("keeps the rows before a cell that is far too long", async () => {
    const view = await app
      .importFile(
        ctx,
        Buffer.concat([
          Buffer.from('a,b\n1,x\n2,"'),
          Buffer.alloc(50 * 1024 * 1024, "z"),
          Buffer.from('"\n3,y\n'),
        ]),
        TABLE,
      )
      .catch((error: unknown) => {
        // Met within the sample already: refused with the same words.
        expect(error).toMatchObject({ code: "cell-too-long" });
        return undefined;
      });
    if (view) expect(view.fileProblem?.code).toBe("cell-too-long");
  });
});

describe("a file that is merely odd", () => {
  it("has rows of any length: missing cells are empty, extra ones are counted", async () => {
    const view = await app.importFile(ctx, "a,b,c\n1,2,3\n4\n5,6,7,8\n9,10,11\n", TABLE);
    expect(view.result!.summary).toMatchObject({ totalRecords: 4, imported: 4, failed: 0 });
    expect(view.result!.warnings.join(" ")).toContain("more cells than the header");
  });

  it("has no header: names are made up", async () => {
    const view = await app.importFile(
      ctx,
      "2024-01-01,12.5,7\n2024-01-02,13.5,8\n2024-01-03,14.5,9\n",
      TABLE,
    );
    expect(view.detection.syntheticHeader).toBe(true);
    expect(view.result!.summary.imported).toBe(3);
  });

  it("has characters of several bytes at every boundary of its parts", async () => {
    const text = "日本語テキスト🎒Ünïcödé";
    const line = (i: number) => `${i},${text.repeat(20)}\n`;
    const csv = `n,t\n${Array.from({ length: 12_000 }, (_, i) => line(i)).join("")}`;
    const view = await app.importFile(ctx, csv, TABLE);
    expect(view.result!.summary).toMatchObject({ imported: 12_000, failed: 0 });
    const [odd] = await ctx.db.sql<{ count: number }[]>`
      select count(*)::int8 as count from records
      where collection_id = ${view.collectionId} and data ->> 't' <> ${text.repeat(20)}`;
    expect(odd!.count).toBe(0);
  });

  it("has NUL bytes in its text: they are removed, and that is said", async () => {
    const view = await app.importFile(ctx, "a,b\n1,x\u0000y\n2,z\n3,w\n", TABLE).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "nul-bytes" });
      return undefined;
    });
    if (view) expect(JSON.stringify(await dataOf(view.collectionId))).not.toContain("\\u0000");
  });

  it("has dates that could be read in two ways: each is named, none is guessed, and the order can be told", async () => {
    const csv = "Country,Entry Date,Visa Type\nLaos,03/04/2024,Tourist\nPeru,05/06/2024,Tourist\n";
    const into = { newCollection: { name: "Trips", template: "trips" as const } };
    const open = await app.importFile(ctx, csv, into);
    expect(open.dateOrders).toEqual([{ column: "Entry Date", order: "ambiguous" }]);
    expect(open.result!.summary).toMatchObject({ imported: 0, failed: 2 });
    const { items } = await listRows(ctx, open.id, { status: "invalid", limit: 5 });
    expect(items[0]!.errors[0]).toMatchObject({ field: "entryDate", code: "ambiguous-date" });
    const told = await app.importFile(ctx, csv, { ...into, source: { dateOrder: "dmy" } });
    expect(await dataOf(told.collectionId)).toMatchObject([
      { entryDate: "2024-04-03" },
      { entryDate: "2024-06-05" },
    ]);
  });
});
