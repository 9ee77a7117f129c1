import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collections, records } from "@/db/schema";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { CreateExportBody } from "@/lib/contracts/exports";
import { explainCell } from "@/lib/core/fields/coerce";
import type { Field, FieldType, RecordData } from "@/lib/core/fields/types";
import { TRIPS } from "@/lib/core/templates/trips";
import { newId, newIdPrefix, rowId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { openDownload } from "@/lib/services/exports/open-download";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { collect } from "@/lib/storage/testing";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Table {
  template: string | null;
  fields: Field[];
  keyFields: string[];
  rows: RecordData[];
}

async function insertTable(ctx: ServiceContext, table: Table): Promise<string> {
  const id = newId();
  const { template, fields, keyFields, rows } = table;
  const owned = { ownerId: ctx.ownerId, collectionId: id };
  await ctx.db.orm.insert(collections).values({
    id,
    ownerId: ctx.ownerId,
    name: "Things",
    template,
    fields,
    keyFields,
    recordCount: rows.length,
  });
  const prefix = newIdPrefix();
  if (rows.length > 0)
    await ctx.db.orm
      .insert(records)
      .values(rows.map((data, i) => ({ ...owned, id: rowId(prefix, i + 1), data })));
  return id;
}

async function exported(ctx: ServiceContext, request: object): Promise<{ name: string; bytes: Buffer }> {
  const { id, jobId } = await createExport(ctx, CreateExportBody.parse({ collections: "all", ...request }));
  expect((await waitForJob(ctx, jobId, 50)).state).toBe("completed");
  const file = await openDownload(ctx, id);
  return { name: file.fileName, bytes: await collect(file.read({ start: 0, end: file.sizeBytes })) };
}

/** All that an account holds, without ids and times: what its JSON export says. */
async function contentOf(ctx: ServiceContext) {
  const { bytes } = await exported(ctx, { format: "json" });
  const parsed = JSON.parse(bytes.toString()) as {
    collections: (Omit<Table, "rows"> & { name: string; records: { data: RecordData }[] })[];
  };
  return parsed.collections.map(({ name, template, fields, keyFields, records: rows }) => ({
    name,
    template,
    fields,
    keyFields,
    rows: rows.map(({ data }) => data),
  }));
}

async function roundTrip(table: Table, request: { format: string; compression?: object }): Promise<void> {
  const [from, into] = [await app.newUser(), await app.newUser()];
  await insertTable(from, table);
  const file = await exported(from, request);
  // Types and keys are no part of a CSV file: there the collection is there already.
  const target =
    request.format === "csv"
      ? { collectionId: await insertTable(into, { ...table, rows: [] }) }
      : { newCollection: { name: "Things" } };
  const view = await app.importFile(into, file.bytes, { ...target, name: file.name });
  expect(view.state, JSON.stringify(view.failure)).toBe("completed");
  expect(await contentOf(into)).toEqual(await contentOf(from));
}

const TYPES: FieldType[] = ["text", "integer", "decimal", "boolean", "date", "datetime", "enum", "url"];
const VALUES = ["red", "green", "=blue", 'a, "b"'];

const fieldOf = (type: FieldType, i: number): fc.Arbitrary<Field> =>
  fc
    .record({ label: fc.constantFrom("", "=", "é", "two words "), personal: fc.boolean() })
    .map(({ label, personal }): Field => ({
      name: `f${i}`,
      label: `${label}${type} ${i}`,
      type,
      required: false,
      ...(type === "enum" && { values: VALUES }),
      ...(personal && { personal }),
    }));

const rawOf: Record<string, fc.Arbitrary<string>> = {
  text: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom("=1+1", "'x", "-5", "007", "true", "2024-01-02", 'a "b",\nc', "1e5", "\t@x"),
  ),
  integer: fc.oneof(fc.integer().map(String), fc.constant("12345678901234567890123")),
  decimal: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constant("0.1000000000000000055"),
  ),
  boolean: fc.constantFrom("true", "false"),
  date: fc
    .integer({ min: 0, max: 60_000 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  datetime: fc
    .integer({ min: 0, max: 4_000_000_000 })
    .map((s) => new Date(s * 1000 + (s % 1000)).toISOString()),
  enum: fc.constantFrom(...VALUES),
  url: fc.webUrl(),
};

/** Tables whose first field is a key, with all types, gaps, and perhaps a record that has no value at all. */
const tables: fc.Arbitrary<Table> = fc
  .array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 5 })
  .chain((types) => fc.tuple(...types.map((type, i) => fieldOf(type, i + 1))))
  .chain((others) => {
    const fields: Field[] = [{ name: "key", label: "Key", type: "text", required: false }, ...others];
    const cells = fc.tuple(...others.map((f) => fc.option(rawOf[f.type]!, { freq: 4, nil: "" })));
    return fc
      .record({
        rows: fc.array(cells, { minLength: 1, maxLength: 12 }),
        twoKeys: fc.boolean(),
        empty: fc.boolean(),
      })
      .map(({ rows, twoKeys, empty }): Table => {
        const data = rows.map((row, n) => {
          const record: RecordData = { key: `key ${n}` };
          others.forEach((field, i) => {
            const { value } = explainCell(row[i] ?? "", field, {});
            if (value !== undefined) record[field.name] = value;
          });
          return record;
        });
        const keyFields = twoKeys ? ["key", others[0]!.name] : ["key"];
        return { template: null, fields, keyFields, rows: empty ? [...data, {}] : data };
      });
  });

const GZIP = { algorithm: "gzip", level: 6 };
const ZIP = { algorithm: "zip", level: 1 };

describe("exported and imported into an empty account, everything is what it was", () => {
  it.each([
    [{ format: "json" }],
    [{ format: "json", compression: GZIP }],
    [{ format: "json", compression: ZIP }],
    [{ format: "ndjson" }],
    [{ format: "ndjson", compression: GZIP }],
    [{ format: "xlsx" }],
    [{ format: "csv" }],
    [{ format: "csv", compression: GZIP }],
    [{ format: "csv", compression: ZIP }],
  ])("as %j", { timeout: 120_000 }, async (request) => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        // A row without any value cannot be told from a blank line in text.
        const rows =
          request.format === "csv" ? table.rows.filter((row) => row.key !== undefined) : table.rows;
        await roundTrip({ ...table, rows }, request);
      }),
      { numRuns: 3, interruptAfterTimeLimit: 60_000 },
    );
  });

  it("also a template’s collection that was changed", async () => {
    const fields = TRIPS.fields
      .filter(({ name }) => name !== "maxDays")
      .concat({ name: "mood", label: "Mood", type: "enum", required: false, values: ["good", "bad"] });
    const rows: RecordData[] = [
      { country: "Japan", entryDate: "2024-01-02", visaType: "tourist", mood: "good" },
      { country: "Peru", entryDate: "2024-03-04", exitDate: "2024-04-05", visaType: "x", notes: "=1" },
    ];
    const table = { template: "trips", fields, keyFields: ["country", "entryDate"], rows };
    for (const format of ["json", "ndjson", "xlsx"]) await roundTrip(table, { format });
  });
});
