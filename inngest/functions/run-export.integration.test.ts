import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collections, records } from "@/db/schema";
import { CreateExportBody } from "@/lib/contracts/exports";
import { explainCell, valueToText } from "@/lib/core/fields/coerce";
import type { Field, FieldType, RecordData } from "@/lib/core/fields/types";
import { TRIPS } from "@/lib/core/templates/trips";
import { newId, newIdPrefix, rowId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { openDownload } from "@/lib/services/exports/open-download";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { collect } from "@/lib/storage/testing";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Made {
  fields: Field[];
  rows: RecordData[];
  keyFields?: string[];
  template?: "trips";
}

async function newCollection(
  ctx: ServiceContext,
  { fields, rows, keyFields, template }: Made,
): Promise<string> {
  const id = newId();
  const values = { id, ownerId: ctx.ownerId, name: "Round trip", template: template ?? null, fields };
  await ctx.db.orm
    .insert(collections)
    .values({ ...values, keyFields: keyFields ?? [], recordCount: rows.length });
  const prefix = newIdPrefix();
  const all = rows.map((data, i) => ({
    ownerId: ctx.ownerId,
    collectionId: id,
    id: rowId(prefix, i + 1),
    data,
  }));
  if (all.length > 0) await ctx.db.orm.insert(records).values(all);
  return id;
}

async function exportOf(ctx: ServiceContext, collectionId: string, format: string): Promise<Buffer> {
  const request = CreateExportBody.parse({ format, collections: [collectionId] });
  const { id, jobId } = await createExport(ctx, request);
  await waitForJob(ctx, jobId, 60);
  const download = await openDownload(ctx, id);
  return collect(download.read({ start: 0, end: download.sizeBytes }));
}

/** What an account holds, as its complete export says it, without what is new in every account. */
async function contentOf(ctx: ServiceContext, collectionId: string) {
  const file = JSON.parse((await exportOf(ctx, collectionId, "json")).toString()) as {
    collections: { fields: Field[]; records: { data: RecordData }[] }[];
  };
  const [collection] = file.collections;
  return { fields: collection?.fields, rows: collection?.records.map((record) => record.data) };
}

/** Exports, imports into an account that has nothing (for CSV: nothing but the empty collection), and looks. */
async function throughFile(format: string, made: Made) {
  const from = await app.newUser();
  const source = await newCollection(from, made);
  const file = await exportOf(from, source, format);
  const to = await app.newUser();
  // CSV says nothing of types: they are those of the collection it goes into.
  const into = format === "csv" ? await newCollection(to, { ...made, rows: [] }) : undefined;
  const view = await app.importFile(to, file, {
    name: `file.${format}`,
    ...(into ? { collectionId: into } : { newCollection: { name: "Round trip", template: made.template } }),
    options: { matching: { mode: "off" } },
  });
  return { from, source, file, to, view, target: view.collectionId ?? "" };
}

const WORDS = [
  "=1+1", "+1", "-1", "@x", "'quoted", "''=x", "＝1", "a,b;c\td|e", 'say "hi"', "line\nline", "a\r\nb", "x\ry",
  "_x000D_", "_x005F_", "&amp; <b>", "]]>", "\\N", "\\t", "\u0001\u001f", "\u2028", "\ufffe", "😀 東京", "e\u0301",
  "007", "1e5", "TRUE", "null", "N/A", "2024-01-01", "12345678901234567890", "a\u00a0b", "\ufeffx", "#REF!",
]; // prettier-ignore
const ARBITRARY: Record<FieldType, fc.Arbitrary<string>> = {
  text: fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })),
  integer: fc.oneof(fc.integer().map(String), fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String)),
  decimal: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(valueToText),
    fc.constantFrom("0.1", "-0.30000000000000004", "1234567890.123456789012", "0.000001", "1e21", "-1e-7"),
  ),
  boolean: fc.constantFrom("true", "false"),
  date: fc
    .date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10)),
  datetime: fc
    .date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .chain((d) => fc.constantFrom(d.toISOString(), `${d.toISOString().slice(0, 10)}T00:00:00Z`)),
  enum: fc.constantFrom("open", "=done", "später"),
  reference: fc.oneof(fc.uuid(), fc.constantFrom("some name")),
  url: fc.webUrl({ withQueryParameters: true, withFragments: true }),
  media: fc.constantFrom("bild.png", "-voice.mp3"),
};
const TYPES = Object.keys(ARBITRARY) as FieldType[];
const field = (type: FieldType): Field => ({
  name: type,
  label: type === "text" ? "=Text, “quoted”" : `My ${type}`,
  type,
  required: false,
  ...(type === "enum" ? { values: ["open", "=done", "später"] } : {}),
  ...(type === "text" ? { personal: true } : {}),
});

/** Records as they can be stored: what a cell with such a text would become. */
const made = fc.subarray(TYPES, { minLength: 2 }).chain((types) => {
  const fields = types.map(field);
  const cells = fc.record(
    Object.fromEntries(types.map((type) => [type, fc.option(ARBITRARY[type], { nil: "", freq: 4 })])),
  );
  return fc.array(cells, { minLength: 1, maxLength: 12 }).map((rows) => ({
    fields,
    rows: rows
      .map((row) =>
        Object.fromEntries(
          fields.flatMap((f) => {
            const { value } = explainCell(row[f.name] ?? "", f, {});
            return value === undefined ? [] : [[f.name, value]];
          }),
        ),
      )
      // A row without any value is passed over by every import.
      .filter((data) => Object.keys(data).length > 0),
  }));
});

describe("what is exported and imported into an empty account", () => {
  it.each(["json", "ndjson", "xlsx", "csv"])(
    "is the same again: %s",
    { timeout: 240_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(
          made.filter(({ rows }) => rows.length > 0),
          async (collection) => {
            const { to, view, target } = await throughFile(format, collection);
            expect(view.result?.summary.failed, JSON.stringify(view)).toBe(0);
            const { fields, rows } = await contentOf(to, target);
            expect(rows).toEqual(collection.rows);
            expect(fields).toEqual(collection.fields);
          },
        ),
        { numRuns: 8, endOnFailure: true },
      );
    },
  );

  it.each(["json", "ndjson", "xlsx", "csv"])(
    "is the same again, trips with their duration: %s",
    async (format) => {
      const rows: RecordData[] = [
        {
          country: "Vietnam",
          entryDate: "2024-02-01",
          exitDate: "2024-02-29",
          visaType: "=e-visa",
          notes: "a\nb",
        },
        { country: "Japan", entryDate: "1899-12-31", visaType: "観光", maxDays: 90 },
      ];
      const trips = { fields: TRIPS.fields, rows, keyFields: TRIPS.keyFields, template: "trips" as const };
      const { from, source, file, to, target } = await throughFile(format, trips);
      expect(await contentOf(to, target)).toEqual(await contentOf(from, source));
      if (format === "csv") {
        expect(file.toString().split("\r\n")[0]).toBe(
          "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Duration,Notes",
        );
        expect((await exportOf(to, target, "csv")).equals(file)).toBe(true);
      }
    },
  );
});
