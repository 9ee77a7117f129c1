import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fromBufferPromise } from "yauzl";
import { jobEventsAfter } from "@/db/queries/job-events";
import { collections, records } from "@/db/schema";
import { CreateExportBody } from "@/lib/contracts/exports";
import { restore } from "@/lib/core/csv-safety";
import { explainCell } from "@/lib/core/fields/coerce";
import type { Field, RecordData } from "@/lib/core/fields/types";
import { detectFile, readerFor } from "@/lib/core/formats/registry";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";
import { tripDuration } from "@/lib/core/templates/trip-duration";
import { TRIPS } from "@/lib/core/templates/trips";
import { newId, newIdPrefix, rowId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { getExport, listExports } from "@/lib/services/exports/get-export";
import { openDownload } from "@/lib/services/exports/open-download";
import { removeExpiredExports } from "@/lib/services/exports/remove-expired";
import { failExport, runExport } from "@/lib/services/exports/run-export";
import { streamCollection } from "@/lib/services/exports/stream-collection";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { getJob } from "@/lib/services/jobs/get-job";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { collect } from "@/lib/storage/testing";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
  bench.clock.shiftMilliseconds = 0;
});

const NOTES: Field = { name: "notes", label: "Notes", type: "text", required: false };
const AMOUNT: Field = { name: "amount", label: "=Amount", type: "decimal", required: false };

async function newCollection(
  fields: Field[],
  rows: RecordData[],
  name = "Table",
  template?: string,
): Promise<string> {
  const id = newId();
  const owned = { ownerId: ctx.ownerId, collectionId: id };
  await ctx.db.orm.insert(collections).values({
    id,
    ownerId: ctx.ownerId,
    name,
    template: template ?? null,
    fields,
    keyFields: [fields[0]!.name],
    recordCount: rows.length,
  });
  const prefix = newIdPrefix();
  const all = rows.map((data, i) => ({ ...owned, id: rowId(prefix, i + 1), data }));
  for (let at = 0; at < all.length; at += 1000) {
    await ctx.db.orm.insert(records).values(all.slice(at, at + 1000));
  }
  return id;
}

const ask = (request: object) => createExport(ctx, CreateExportBody.parse(request));

async function make(request: object): Promise<Buffer> {
  const { id } = await ask(request);
  await runExport(ctx, id);
  expect(await getExport(ctx, id)).toMatchObject({ state: "completed", failure: null });
  return bytesOf(id);
}

async function bytesOf(id: string): Promise<Buffer> {
  const download = await openDownload(ctx, id);
  const bytes = await collect(download.read({ start: 0, end: download.sizeBytes }));
  expect(bytes.length).toBe(download.sizeBytes);
  return bytes;
}

async function objectsOf(id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of ctx.storage.list(`exports/${id}/`)) keys.push(key);
  return keys;
}

async function unzip(zip: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const archive = await fromBufferPromise(zip);
  for await (const entry of archive.eachEntry()) {
    files[entry.fileName] = (await collect(await archive.openReadStreamPromise(entry))).toString();
  }
  return files;
}

function sourceOf(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      await Promise.resolve();
      yield bytes.subarray(start, end);
    },
  };
}

/** Columns and raw rows as the import sees the file. */
async function readBack(bytes: Buffer) {
  const detection = await detectFile(sourceOf(bytes), {}, DEFAULT_READ_LIMITS, 5);
  const rows: string[][] = [];
  const ids: (string | undefined)[] = [];
  for await (const batch of readerFor(detection.format).read(
    sourceOf(bytes),
    detection,
    DEFAULT_READ_LIMITS,
  )) {
    rows.push(...batch.rows);
    ids.push(...(batch.sourceIds ?? []));
  }
  return { detection, rows, ids };
}

/** The record an import makes of a row; `guarded` when the file is one that was made safe for spreadsheets. */
function dataOf(cells: string[], columns: string[], fields: Field[], guarded: boolean): RecordData {
  const plain = (text: string) => (guarded ? restore(text) : text);
  const data: RecordData = {};
  for (const field of fields) {
    const at = columns.findIndex((c) => c === field.name || plain(c) === field.label);
    const { value } = explainCell(plain(cells[at] ?? ""), field, {});
    if (value !== undefined) data[field.name] = value;
  }
  return data;
}

const TRIP_ROWS: RecordData[] = [
  {
    country: "Vietnam",
    entryDate: "2024-02-01",
    exitDate: "2024-02-29",
    visaType: "e-visa",
    maxDays: 90,
    notes: 'a, "b"\nc',
  },
  {
    country: "Côte d'Ivoire",
    entryDate: "2024-01-01",
    exitDate: "2024-01-01",
    visaType: "=HYPERLINK(1)",
    passportCountry: "Germany",
  },
  { country: "Japan", entryDate: "2020-01-01", visaType: "観光 😀", notes: "'=already guarded" },
  { country: "Chad", entryDate: "2999-01-01", visaType: "'quoted'", notes: "+1 @home \\ 'x'" },
];

describe("a CSV export", () => {
  it("of Trips has the eight headers, with the computed duration, in CRLF lines without a mark", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const bytes = await make({ format: "csv", collections: [id] });
    const text = bytes.toString();
    expect(text.split("\r\n")[0]).toBe(
      "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Duration,Notes",
    );
    expect(text.split("\r\n")[1]).toBe('Vietnam,2024-02-01,2024-02-29,e-visa,90,,29,"a, ""b""\nc"');
    expect(text.endsWith("\r\n")).toBe(true);
    const { detection, rows } = await readBack(bytes);
    const at = detection.columns.indexOf("Duration");
    const today = new Date().toISOString().slice(0, 10);
    expect(rows.map((row) => row[at])).toEqual(
      TRIP_ROWS.map((data) => String(tripDuration(data, today) ?? "")),
    );
  });

  it("brings back every value exactly, also those it guarded for spreadsheets", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const bytes = await make({ format: "csv", collections: [id] });
    expect(bytes.toString()).toContain(",'=HYPERLINK(1),");
    expect(bytes.toString()).toContain("''=already guarded");
    const { detection, rows } = await readBack(bytes);
    expect(rows.map((row) => dataOf(row, detection.columns, TRIPS.fields, true))).toEqual(TRIP_ROWS);
  });

  it("guards text and labels, never numbers", async () => {
    const rows: RecordData[] = [
      { amount: -1.5, notes: "-1.5" },
      { amount: "-12345678901234567890.123" },
      { amount: 1e21 },
      { amount: 1e-7 },
    ];
    const id = await newCollection([AMOUNT, NOTES], rows);
    const text = (await make({ format: "csv", collections: [id] })).toString();
    expect(text).toBe(
      "'=Amount,Notes\r\n-1.5,'-1.5\r\n-12345678901234567890.123,\r\n1000000000000000000000,\r\n0.0000001,\r\n",
    );
    const open = await make({
      format: "csv",
      collections: [id],
      csv: { formulaSafe: false, bom: true, delimiter: ";" },
    });
    expect(open.toString().split("\r\n").slice(0, 2)).toEqual(["\uFEFF=Amount;Notes", "-1.5;-1.5"]);
  });

  it("of one column keeps the rows that are empty", async () => {
    const id = await newCollection([NOTES], [{ notes: "a" }, {}, { notes: "b" }]);
    expect((await make({ format: "csv", collections: [id] })).toString()).toBe('Notes\r\na\r\n""\r\nb\r\n');
  });

  it("takes the fields that were asked for, in their order, and metadata when told", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const some = await make({
      format: "csv",
      collections: [id],
      fields: ["notes", "country"],
      includeMetadata: true,
    });
    expect(some.toString().split("\r\n")[0]).toBe("Notes,Country,_id,_version,_createdAt,_updatedAt,_source");
    await expect(
      ask({ format: "csv", collections: [id], fields: ["country", "colour"] }),
    ).rejects.toMatchObject({
      status: 422,
      details: [{ path: "fields", message: 'There is no field "colour".' }],
    });
  });

  it("of several collections is a ZIP with one file for each", async () => {
    await newCollection([NOTES], [{ notes: "one" }], "a/b");
    await newCollection([NOTES], [{ notes: "two" }], "A_B");
    await newCollection([NOTES], [], "Empty");
    const { id, fileName, contentType } = await ask({ format: "csv" });
    expect([fileName.endsWith(".zip"), contentType]).toEqual([true, "application/zip"]);
    await runExport(ctx, id);
    expect(await unzip(await bytesOf(id))).toEqual({
      "a_b.csv": "Notes\r\none\r\n",
      "A_B (2).csv": "Notes\r\ntwo\r\n",
      "Empty.csv": "Notes\r\n",
    });
  });

  it("of no collection at all is refused", async () => {
    await expect(ask({ format: "csv" })).rejects.toMatchObject({ status: 422, code: "nothing-to-export" });
  });
});

describe("a JSON export", () => {
  it("says everything about collections and records, and reads back with ids and values", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const bytes = await make({ format: "json", collections: [id] });
    const file = JSON.parse(bytes.toString()) as {
      collections: { records: { id: string; data: RecordData }[] }[];
    };
    expect(file).toMatchObject({
      ferry: { format: "ferry-export", version: 1 },
      collections: [
        {
          id,
          name: "Trips",
          template: "trips",
          fields: TRIPS.fields,
          keyFields: ["country"],
          recordCount: 4,
        },
      ],
    });
    const exported = file.collections[0]!.records;
    expect(exported.map((r) => r.data)).toEqual(TRIP_ROWS);
    expect(Object.keys(exported[0]!)).toEqual(["id", "version", "createdAt", "updatedAt", "source", "data"]);
    expect(exported[0]).toMatchObject({ version: 1, source: { kind: "hand" } });
    expect(exported[0]).toMatchObject({
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });

    const { detection, rows, ids } = await readBack(bytes);
    expect(detection.fields?.map((f) => f.name)).toEqual(TRIPS.fields.map((f) => f.name));
    expect(ids).toEqual(exported.map((r) => r.id));
    expect(rows.map((row) => dataOf(row, detection.columns, TRIPS.fields, false))).toEqual(TRIP_ROWS);
  });

  it("of nothing is still a complete file", async () => {
    const text = (await make({ format: "json" })).toString();
    expect(JSON.parse(text)).toMatchObject({ collections: [] });
    const empty = await newCollection([NOTES], []);
    expect(JSON.parse((await make({ format: "json", collections: [empty] })).toString())).toMatchObject({
      collections: [{ recordCount: 0, records: [] }],
    });
  });

  it("leaves out metadata and fields that were not asked for", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const request = { format: "json", collections: [id], fields: ["country"], includeMetadata: false };
    const file = JSON.parse((await make(request)).toString()) as { collections: { records: object[] }[] };
    expect(file.collections[0]!.records[0]).toEqual({
      id: expect.any(String) as string,
      data: { country: "Vietnam" },
    });
  });

  it.each([
    [{ start: "2024-01-15" }, ["Vietnam", "Chad"]],
    [{ start: "2024-01-01", end: "2024-02-01" }, ["Vietnam", "Côte d'Ivoire"]],
    [{ field: "exitDate", end: "2024-01-01T12:00:00Z" }, ["Côte d'Ivoire"]],
    [{ field: "createdAt", end: "2001-01-01" }, []],
    [{ field: "createdAt", start: new Date().toISOString().slice(0, 10) }, TRIP_ROWS.map((r) => r.country)],
  ])("takes the records of the time %j", async (dateRange, countries) => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const bytes = await make({ format: "json", collections: [id], dateRange });
    const file = JSON.parse(bytes.toString()) as {
      collections: { recordCount: number; records: { data: RecordData }[] }[];
    };
    expect(file.collections[0]!.records.map((r) => r.data.country)).toEqual(countries);
    expect(file.collections[0]!.recordCount).toBe(countries.length);
  });

  it("is compressed when told", async () => {
    await newCollection([NOTES], [{ notes: "one" }]);
    const plain = JSON.parse((await make({ format: "json" })).toString()) as { collections: object };
    const gzip = gunzipSync(await make({ format: "json", compression: { algorithm: "gzip", level: 1 } }));
    const zip = await unzip(await make({ format: "json", compression: { algorithm: "zip" } }));
    for (const text of [gzip.toString(), zip["ferry-export.json"]!]) {
      expect((JSON.parse(text) as { collections: object }).collections).toEqual(plain.collections);
    }
  });

  it("is one moment's data although records are added while it is made", async () => {
    const id = await newCollection(
      [NOTES],
      Array.from({ length: 5_000 }, (_, i) => ({ notes: `note ${i} ${"x".repeat(500)}` })),
    );
    const slow = {
      ...ctx,
      storage: {
        ...ctx.storage,
        put: (key: string, body: AsyncIterable<Uint8Array>) =>
          ctx.storage.put(
            key,
            (async function* () {
              let added = false;
              for await (const chunk of body) {
                yield chunk;
                if (!added)
                  await ctx.db.sql`insert into records (collection_id, id, owner_id, data)
                values (${id}, ${randomUUID()}, ${ctx.ownerId}, '{"notes": "late"}')`;
                added = true;
              }
            })(),
          ),
      },
    };
    const made = await ask({ format: "json", collections: [id] });
    await runExport(slow, made.id);
    const file = JSON.parse((await bytesOf(made.id)).toString()) as {
      collections: { recordCount: number; records: object[] }[];
    };
    expect([file.collections[0]!.recordCount, file.collections[0]!.records.length]).toEqual([5_000, 5_000]);
  });
});

describe("the job of an export", () => {
  it("goes through its phases and ends with every record counted", async () => {
    const id = await newCollection([NOTES], [{ notes: "a" }, { notes: "b" }]);
    const made = await ask({ format: "csv", collections: [id] });
    expect(bench.events.at(-1)).toMatchObject({ name: "export/requested", data: { exportId: made.id } });
    expect(made).toMatchObject({ state: "pending", downloadUrl: null });
    await expect(openDownload(ctx, made.id)).rejects.toMatchObject({ status: 409, code: "export-not-ready" });
    await runExport(ctx, made.id);
    expect(await getJob(ctx, made.jobId)).toMatchObject({
      state: "completed",
      percentage: 100,
      counts: { succeeded: 2 },
    });
    const phases = (await jobEventsAfter(ctx.db.sql, made.jobId, 0, 100)).map((e) => e.data.phase);
    expect([...new Set(phases)]).toEqual(["collecting", "processing", "formatting", "writing"]);
    await runExport(ctx, made.id);
    expect((await jobEventsAfter(ctx.db.sql, made.jobId, 0, 100)).length).toBe(phases.length);
  });

  it("is tried again after a fault, and ends as failed when nothing helps", async () => {
    const id = await newCollection([NOTES], [{ notes: "a" }]);
    const made = await ask({ format: "csv", collections: [id] });
    const failing = { ...ctx, storage: faultyStore(ctx.storage, (call, n) => call === "put" && n === 1) };
    await expect(runExport(failing, made.id)).rejects.toThrow("put failed");
    await runExport(failing, made.id, 1);
    expect((await bytesOf(made.id)).toString()).toBe("Notes\r\na\r\n");
    const other = await ask({ format: "csv", collections: [id] });
    await failExport(ctx, other.id);
    expect(await getExport(ctx, other.id)).toMatchObject({ state: "failed", failure: { code: "internal" } });
    expect(await getJob(ctx, other.jobId)).toMatchObject({ state: "failed" });
  });

  it("is cancelled at once before it begins, and in the middle of its work", async () => {
    const id = await newCollection(
      [NOTES],
      Array.from({ length: 3_000 }, () => ({ notes: "x".repeat(500) })),
    );
    const pending = await ask({ format: "csv", collections: [id] });
    expect((await cancelJob(ctx, pending.jobId)).state).toBe("cancelled");
    await runExport(ctx, pending.id);
    expect((await getExport(ctx, pending.id)).state).toBe("cancelled");

    const working = await ask({ format: "json", collections: [id] });
    const cancelling = {
      ...ctx,
      storage: {
        ...ctx.storage,
        put: async (key: string, body: AsyncIterable<Uint8Array>) => {
          await cancelJob(ctx, working.jobId);
          return ctx.storage.put(key, body);
        },
      },
    };
    await runExport(cancelling, working.id);
    expect((await getExport(ctx, working.id)).state).toBe("cancelled");
    expect(await getJob(ctx, working.jobId)).toMatchObject({ state: "cancelled" });
    expect(await objectsOf(working.id)).toEqual([]);
    // The connection of the query that was broken off is usable again.
    expect(JSON.parse((await make({ format: "json", collections: [id] })).toString())).toBeTruthy();
  });

  it("says so when the collection is gone", async () => {
    const id = await newCollection([NOTES], [{ notes: "a" }]);
    const made = await ask({ format: "csv", collections: [id] });
    await ctx.db.sql`delete from collections where id = ${id}`;
    await runExport(ctx, made.id);
    expect(await getExport(ctx, made.id)).toMatchObject({
      state: "failed",
      failure: { code: "collection-gone" },
    });
    await expect(openDownload(ctx, made.id)).rejects.toMatchObject({
      status: 409,
      code: "export-without-file",
    });
  });
});

describe("asking for an export", () => {
  it.each([
    [{ format: "apkg" }, "format-not-available-yet"],
    [{ format: "xlsx", compression: { algorithm: "gzip" } }, "validation-failed"],
    [{ format: "json", collections: [] }, "validation-failed"],
    [{ format: "json", filter: [{ field: "colour", op: "eq", value: "red" }] }, "validation-failed"],
  ])("refuses what cannot be: %j", async (request, code) => {
    await newCollection([NOTES], []);
    await expect(ask(request)).rejects.toMatchObject({ status: 422, code });
  });

  it("keeps everything from strangers", async () => {
    const id = await newCollection([NOTES], [{ notes: "mine" }]);
    const made = await ask({ format: "json", collections: [id] });
    await runExport(ctx, made.id);
    const stranger = await bench.newUser();
    const missing = { status: 404 };
    await expect(getExport(stranger, made.id)).rejects.toMatchObject(missing);
    await expect(openDownload(stranger, made.id)).rejects.toMatchObject(missing);
    await expect(streamCollection(stranger, id, { format: "json" })).rejects.toMatchObject(missing);
    const request = CreateExportBody.parse({ format: "json", collections: [id] });
    await expect(createExport(stranger, request)).rejects.toMatchObject(missing);
    expect((await listExports(stranger, { limit: 10 })).items).toEqual([]);
    const all = await createExport(stranger, CreateExportBody.parse({ format: "json" }));
    await runExport(stranger, all.id);
    const download = await openDownload(stranger, all.id);
    expect((await collect(download.read({ start: 0, end: download.sizeBytes }))).toString()).not.toContain(
      "mine",
    );
  });

  it("lists exports, newest first, and removes them when their time is over", async () => {
    const id = await newCollection([NOTES], [{ notes: "a" }]);
    const first = await ask({ format: "json", collections: [id] });
    await runExport(ctx, first.id);
    const second = await ask({ format: "json", collections: [id] });
    const page = await listExports(ctx, { limit: 1 });
    expect(page).toMatchObject({ items: [{ id: second.id }], nextCursor: second.id });
    expect((await listExports(ctx, { limit: 1, cursor: page.nextCursor! })).items).toMatchObject([
      { id: first.id },
    ]);
    bench.clock.shiftMilliseconds = 8 * 24 * 3_600_000;
    await expect(openDownload(ctx, first.id)).rejects.toMatchObject({ status: 410, code: "export-expired" });
    await removeExpiredExports(ctx);
    expect(await objectsOf(first.id)).toEqual([]);
    expect(await getExport(ctx, first.id)).toMatchObject({ state: "completed", downloadUrl: null });
    await expect(openDownload(ctx, first.id)).rejects.toMatchObject({ status: 410, code: "export-expired" });
    bench.clock.shiftMilliseconds = 40 * 24 * 3_600_000;
    await removeExpiredExports(ctx);
    await expect(getExport(ctx, first.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe("a collection streamed at once", () => {
  it("is the same file as the job makes", async () => {
    const id = await newCollection(TRIPS.fields, TRIP_ROWS, "Trips", "trips");
    const csv = await streamCollection(ctx, id, { format: "csv" });
    expect(csv.fileName).toMatch(/^Trips-\d{4}-\d\d-\d\d\.csv$/);
    expect((await collect(csv.body)).equals(await make({ format: "csv", collections: [id] }))).toBe(true);
  });

  it("lets go of its connection when the client goes away", async () => {
    const id = await newCollection(
      [NOTES],
      Array.from({ length: 3_000 }, () => ({ notes: "x".repeat(2_000) })),
    );
    for (let i = 0; i < 10; i++) {
      const { body } = await streamCollection(ctx, id, { format: "csv" });
      let taken = 0;
      for await (const chunk of body) {
        taken += chunk.length;
        if (taken > 10_000) break;
      }
    }
    const idle = await ctx.db.sql`
      select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    expect(idle).toHaveLength(0);
  });

  it("is refused when it would take long", async () => {
    const id = await newCollection([NOTES], []);
    await ctx.db.sql`update collections set record_count = 100001 where id = ${id}`;
    await expect(streamCollection(ctx, id, { format: "csv" })).rejects.toMatchObject({
      status: 409,
      code: "export-too-large-to-stream",
    });
  });
});
