import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fromBufferPromise } from "yauzl";
import { collections, records } from "@/db/schema";
import { CreateExportBody } from "@/lib/contracts/exports";
import type { Field, RecordData } from "@/lib/core/fields/types";
import { detectFile, readerFor } from "@/lib/core/formats/registry";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";
import { pseudonym } from "@/lib/core/privacy/pseudonym";
import { newId, newIdPrefix, rowId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { deleteExport } from "@/lib/services/exports/delete-export";
import { downloadLink, linkRefusal } from "@/lib/services/exports/download-link";
import { getExport } from "@/lib/services/exports/get-export";
import { openDownload } from "@/lib/services/exports/open-download";
import { pseudonymKey } from "@/lib/services/exports/pseudonym-key";
import { runExport } from "@/lib/services/exports/run-export";
import { getJob } from "@/lib/services/jobs/get-job";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { collect } from "@/lib/storage/testing";

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
});

const field = (name: string, type: Field["type"], more: Partial<Field> = {}): Field => ({
  name,
  label: name.toUpperCase(),
  type,
  required: false,
  ...more,
});
const PERSON: Field[] = [
  field("name", "text", { personal: true, required: true }),
  field("site", "url", { personal: true }),
  field("born", "date", { personal: true }),
  field("seen", "datetime", { personal: true }),
  field("height", "integer", { personal: true }),
  field("state", "enum", { personal: true, values: ["single", "married"] }),
  field("city", "text"),
];
const PEOPLE: RecordData[] = [
  {
    name: "Ann",
    site: "https://ann.example/",
    born: "1987-05-04",
    seen: "2024-01-02T03:04:05Z",
    city: "Rome",
  },
  { name: "Bob", height: 180, state: "married", city: "=Oslo" },
  { name: "Ann", state: "single" },
];

async function newCollection(fields: Field[], rows: RecordData[], name = "People"): Promise<string> {
  const id = newId();
  const owned = { ownerId: ctx.ownerId, collectionId: id };
  const values = { id, ownerId: ctx.ownerId, name, template: null, fields, keyFields: ["name"] };
  await ctx.db.orm.insert(collections).values({ ...values, recordCount: rows.length });
  const prefix = newIdPrefix();
  const all = rows.map((data, i) => ({ ...owned, id: rowId(prefix, i + 1), data }));
  if (all.length > 0) await ctx.db.orm.insert(records).values(all);
  return id;
}

const ask = (request: object) => createExport(ctx, CreateExportBody.parse(request));

async function make(request: object): Promise<Buffer> {
  const { id } = await ask(request);
  await runExport(ctx, id);
  expect(await getExport(ctx, id)).toMatchObject({ state: "completed", failure: null });
  const download = await openDownload(ctx, id);
  return collect(download.read({ start: 0, end: download.sizeBytes }));
}

interface JsonExport {
  ferry: { privacy?: { mode: string; notice: string; fields: object[] } };
  categories?: Record<string, Record<string, unknown>[]>;
  collections: { name: string; fields: Field[]; keyFields: string[]; records: { data: RecordData }[] }[];
}
const makeJson = async (request: object) =>
  JSON.parse((await make({ format: "json", ...request })).toString()) as JsonExport;

async function unzip(zip: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const archive = await fromBufferPromise(zip);
  for await (const entry of archive.eachEntry()) {
    files[entry.fileName] = (await collect(await archive.openReadStreamPromise(entry))).toString();
  }
  return files;
}

describe("personal data", () => {
  it("is left out, and the file says what", async () => {
    await newCollection(PERSON, PEOPLE);
    const file = await makeJson({ privacy: { excludePersonalData: true, anonymize: true } });
    const [people] = file.collections;
    expect(people?.fields.map((f) => f.name)).toEqual(["city"]);
    expect(people?.keyFields).toEqual([]);
    expect(people?.records.map((r) => r.data)).toEqual([{ city: "Rome" }, { city: "=Oslo" }, {}]);
    expect(file.ferry.privacy).toMatchObject({ mode: "personal data left out" });
    expect(file.ferry.privacy?.fields).toHaveLength(6);
    expect(JSON.stringify(file)).not.toContain("Ann");
  });

  it("is pseudonymised: the same text alike everywhere, by a key of the user's own", async () => {
    await newCollection(PERSON, PEOPLE);
    await newCollection([field("guest", "text", { personal: true })], [{ guest: "Ann" }], "Guests");
    const file = await makeJson({ privacy: { anonymize: true } });
    const ann = pseudonym("Ann", pseudonymKey(ctx.ownerId));
    expect(ann).toMatch(/^P-[0-9a-f]{16}$/);
    const site = pseudonym("https://ann.example/", pseudonymKey(ctx.ownerId));
    const [people, guests] = file.collections;
    expect(people?.records.map((r) => r.data)).toEqual([
      {
        name: ann,
        site: `https://pseudonym.invalid/${site}`,
        born: "1987-01-01",
        seen: "2024-01-01T00:00:00Z",
        city: "Rome",
      },
      {
        name: pseudonym("Bob", pseudonymKey(ctx.ownerId)),
        state: pseudonym("married", pseudonymKey(ctx.ownerId)),
        city: "=Oslo",
      },
      { name: ann, state: pseudonym("single", pseudonymKey(ctx.ownerId)) },
    ]);
    expect(guests?.records.map((r) => r.data)).toEqual([{ guest: ann }]);
    expect(people?.fields.find((f) => f.name === "state")?.values).toContain(people?.records[1]?.data.state);
    expect(people?.fields.some((f) => f.name === "height")).toBe(false);
    expect(file.ferry.privacy?.notice).toContain("cannot be turned back");
    const other = await bench.newUser();
    expect(pseudonym("Ann", pseudonymKey(other.ownerId))).not.toBe(ann);
  });

  it.each(["ndjson", "csv", "xlsx"])(
    "is withheld in the same way in %s, with the statement beside it",
    async (format) => {
      await newCollection(PERSON, PEOPLE);
      const bytes = await make({ format, privacy: { anonymize: true } });
      const content = format === "ndjson" ? bytes.toString() : JSON.stringify(await unzip(bytes));
      expect(content).not.toMatch(/Ann|Bob|1987-05|180/);
      expect(content).toContain(pseudonym("Ann", pseudonymKey(ctx.ownerId)));
      expect(content).toContain("marked as personal data");
      if (format === "csv") expect(Object.keys(await unzip(bytes))).toEqual(["PRIVACY.txt", "People.csv"]);
    },
  );

  it("says so when nothing is marked", async () => {
    await newCollection([field("city", "text")], [{ city: "Rome" }]);
    const { ferry } = await makeJson({ privacy: { excludePersonalData: true } });
    expect(ferry.privacy?.notice).toContain("No field of these collections is marked");
  });
});

describe("filters and categories", () => {
  it.each([
    [[{ field: "city", op: "eq", value: "Rome" }], ["Ann"]],
    [[{ field: "height", op: "gte", value: 180 }], ["Bob"]],
    [[{ field: "city", op: "empty" }], ["Ann"]],
    [[{ field: "city", op: "contains", value: "%'; drop table records; --" }], []],
    [[{ field: "city", op: "contains", value: "o" }, { field: "name", op: "ne", value: "Ann" }], ["Bob"]], // prettier-ignore
  ])("takes the records that fit %j", async (filter, names) => {
    await newCollection(PERSON, PEOPLE);
    await newCollection([field("other", "text")], [{ other: "x" }], "Without such a field");
    const file = await makeJson({ filter });
    expect(file.collections.map((c) => c.name)).toEqual(["People"]);
    expect(file.collections[0]?.records.map((r) => r.data.name)).toEqual(names);
  });

  it("brings the account's other data along, without the person where they are withheld", async () => {
    await newCollection(PERSON, PEOPLE);
    const all = ["preferences", "notifications", "analytics"];
    const { categories } = await makeJson({ categories: all });
    expect(categories?.preferences).toContainEqual({ setting: "email", value: `${ctx.ownerId}@example.org` });
    expect(categories?.notifications?.[0]).toMatchObject({ kind: "export", state: "processing" });
    expect(categories?.analytics).toMatchObject([{ collection: "People", records: 3, byHand: 3, fields: 7 }]);
    const without = await makeJson({
      collections: [],
      categories: all,
      privacy: { excludePersonalData: true },
    });
    expect(without.collections).toEqual([]);
    expect(JSON.stringify(without)).not.toContain("@example.org");
    const csv = await unzip(await make({ format: "csv", categories: all }));
    expect(Object.keys(csv)).toEqual(["People.csv", "preferences.csv", "notifications.csv", "analytics.csv"]);
  });
});

describe("a workbook", () => {
  const sourceOf = (bytes: Buffer): ByteSource => ({
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      await Promise.resolve();
      yield bytes.subarray(start, end);
    },
  });

  it("has a sheet for each collection, and tells them apart when it is read", async () => {
    await newCollection([field("name", "text")], [{ name: "=1+1" }], "a/b");
    await newCollection(
      [field("name", "text"), field("day", "date")],
      [{ day: "2024-02-29" }, { day: "1899-01-01" }],
      "A_B",
    );
    await newCollection([field("name", "text")], [], "Empty");
    const source = sourceOf(await make({ format: "xlsx" }));
    const detection = await detectFile(source, {}, DEFAULT_READ_LIMITS, 5);
    expect(detection.sheets?.map((s) => s.name)).toEqual(["a/b", "A_B", "Empty"]);
    expect(detection).toMatchObject({
      source: { sheet: 1 },
      columns: ["name", "day", "_id"],
      rowEstimate: 2,
    });
    const rows: string[][] = [];
    for await (const batch of readerFor("xlsx").read(source, detection, DEFAULT_READ_LIMITS))
      rows.push(...batch.rows);
    expect(rows.map((row) => row[1])).toEqual(["2024-02-29", "1899-01-01"]);
    const empty = await detectFile(source, { sheet: "Empty" }, DEFAULT_READ_LIMITS, 5);
    expect(empty.fields?.map((f) => f.name)).toEqual(["name"]);
  });

  it("is refused in words when a text is longer than a cell, or there are too many sheets", async () => {
    const id = await newCollection(
      [field("name", "text")],
      [{ name: "short" }, { name: "x".repeat(40_000) }],
    );
    const made = await ask({ format: "xlsx", collections: [id] });
    await runExport(ctx, made.id);
    expect(await getExport(ctx, made.id)).toMatchObject({
      state: "failed",
      failure: { code: "cell-too-long-for-xlsx", message: expect.stringContaining("record 2") as string },
    });
    await ctx.db.sql`insert into collections (id, owner_id, name, fields, key_fields)
      select gen_random_uuid(), ${ctx.ownerId}, 'c' || n, '[]', '{}' from generate_series(1, 10000) n`;
    await expect(ask({ format: "xlsx" })).rejects.toMatchObject({ status: 422, code: "too-many-sheets" });
    const lines = (await make({ format: "ndjson" })).toString().split("\n");
    expect(lines).toHaveLength(1 + 10_001 + 2 + 1);
  }, 60_000);
});

describe("a finished export", () => {
  it("leaves a notice, has a link that expires, and can be removed", async () => {
    await newCollection(PERSON, PEOPLE);
    const { id, jobId } = await ask({ format: "csv" });
    await expect(deleteExport(ctx, id)).rejects.toMatchObject({ status: 409, code: "export-running" });
    await runExport(ctx, id);
    expect((await getJob(ctx, jobId)).notice).toMatch(
      /^People-.*\.csv \(\d+ bytes\) is ready to download until /,
    );
    const { downloadUrl } = await getExport(ctx, id);
    const query = Object.fromEntries(new URL(downloadUrl ?? "", "http://x").searchParams);
    expect(linkRefusal(id, query, ctx.now())).toBeUndefined();
    expect(linkRefusal(id, query, new Date(Date.now() + 25 * 3_600_000))?.code).toBe("link-expired");
    expect(linkRefusal(newId(), query, ctx.now())?.code).toBe("link-invalid");
    expect(linkRefusal(id, { ...query, expires: "9999999999" }, ctx.now())?.code).toBe("link-invalid");
    const soon = downloadLink(id, new Date(Date.now() + 1_000), ctx.now());
    expect(Number(new URL(soon, "http://x").searchParams.get("expires")) * 1000).toBeLessThan(
      Date.now() + 2_000,
    );
    await deleteExport(ctx, id);
    await expect(getExport(ctx, id)).rejects.toMatchObject({ status: 404 });
    await expect(openDownload(ctx, id)).rejects.toMatchObject({ status: 404 });
  });

  it("does not come of a collection that was deleted meanwhile, unless all were wanted", async () => {
    const kept = await newCollection(PERSON, PEOPLE);
    const gone = await newCollection(PERSON, [], "Gone");
    const named = await ask({ format: "json", collections: [kept, gone] });
    const all = await ask({ format: "json" });
    await ctx.db.sql`delete from collections where id = ${gone}`;
    await runExport(ctx, named.id);
    expect((await getExport(ctx, named.id)).failure?.code).toBe("collection-gone");
    await runExport(ctx, all.id);
    expect((await getExport(ctx, all.id)).state).toBe("completed");
  });
});
