import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { memorySource } from "../csv/testing/memory-source";
import { detectFile, readFile } from "../registry";
import { DEFAULT_READ_LIMITS, FileProblem, type ByteSource, type SourceOptions } from "../types";

const CSV = "title,n\nfirst,1\nsecond,2\n";
const LINES = Array.from({ length: 60_000 }, (_, i) => `row ${i},${i * 7919}`).join("\n");
const LARGE = `title,n\n${LINES}\n`;

async function zipOf(files: Record<string, string | Buffer>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function rowsOf(file: ByteSource, options: SourceOptions = {}, limits = DEFAULT_READ_LIMITS) {
  const detection = await detectFile(file, options, limits, 5);
  const rows: string[][] = [];
  let problem: unknown;
  try {
    for await (const batch of readFile(file, detection, limits)) rows.push(...batch.rows);
  } catch (error) {
    problem = error;
  }
  return { detection, rows, problem };
}
const refusal = async (bytes: Buffer, limits = DEFAULT_READ_LIMITS) => {
  const error: unknown = await rowsOf(memorySource(bytes), {}, limits).then(
    ({ problem }) => problem,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FileProblem);
  return error as FileProblem;
};

describe("a gzip file", () => {
  it.each([
    ["CSV", CSV],
    [
      "JSON",
      JSON.stringify([
        { title: "first", n: 1 },
        { title: "second", n: 2 },
      ]),
    ],
    ["lines of JSON", '{"title":"first","n":1}\n{"title":"second","n":2}\n'],
    ["a large CSV", LARGE],
  ])("of %s is read as what is inside", async (_what, content) => {
    const plain = await rowsOf(memorySource(content));
    const packed = await rowsOf(memorySource(gzipSync(content)));
    expect(packed.rows).toEqual(plain.rows);
    expect(packed.problem).toBeUndefined();
    expect(packed.detection).toMatchObject({
      format: plain.detection.format,
      columns: plain.detection.columns,
      rowEstimate: plain.detection.rowEstimate,
      packed: { kind: "gzip" },
    });
  });

  it("of several members is read whole", async () => {
    const both = Buffer.concat([gzipSync(CSV), gzipSync("third,3\n")]);
    expect(gunzipSync(both).toString()).toBe(`${CSV}third,3\n`);
    expect((await rowsOf(memorySource(both))).rows).toHaveLength(3);
  });

  it("that is cut off gives what stands before, and says so", async () => {
    const bytes = gzipSync(LARGE);
    const { rows, problem } = await rowsOf(memorySource(bytes.subarray(0, bytes.length - 2_000)));
    expect(rows.length).toBeGreaterThan(40_000);
    expect(rows.slice(0, 3)).toEqual([
      ["row 0", "0"],
      ["row 1", "7919"],
      ["row 2", "15838"],
    ]);
    expect(problem).toMatchObject({ code: "archive-damaged" });
    expect((problem as Error).message).toContain("ends too early");
  });

  it("that unpacks to very much more than itself is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, "a"));
    expect((await refusal(bomb)).code).toBe("archive-too-large");
    const limits = { ...DEFAULT_READ_LIMITS, archiveBytesMax: 100_000 };
    expect((await refusal(gzipSync(LARGE), limits)).message).toContain("more than 100000 bytes");
  });

  it("of a tar archive, or of nothing, is refused by name", async () => {
    const tar = Buffer.alloc(1024);
    tar.write("a.csv", 0);
    tar.write("ustar", 257);
    expect((await refusal(gzipSync(tar))).message).toContain("tar archive");
    expect((await refusal(gzipSync(""))).code).toBe("empty-file");
  });

  it("is read alike wherever it is cut into pieces", async () => {
    const bytes = gzipSync(LARGE);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 500, max: 70_000 }), async (chunkBytes) => {
        expect((await rowsOf(memorySource(bytes, chunkBytes))).rows).toHaveLength(60_000);
      }),
      { numRuns: 5 },
    );
  });
});

describe("a ZIP archive", () => {
  it("with one table is read as that table", async () => {
    const files = { "__MACOSX/._trips.csv": "x", "PRIVACY.txt": "anonymize", "data/trips.csv": CSV };
    const { detection, rows } = await rowsOf(memorySource(await zipOf(files)));
    expect(rows).toEqual([
      ["first", "1"],
      ["second", "2"],
    ]);
    expect(detection.evidence[0]).toBe("“data/trips.csv”, the only file in the ZIP archive.");
    expect(detection.sheets).toBeUndefined();
  });

  it("with several gives the first that is a table, and any that is asked for", async () => {
    const files = { "empty.csv": "", "a.csv": CSV, "b.json": '[{"x":1},{"x":2},{"x":3}]' };
    const source = memorySource(await zipOf(files));
    const first = await rowsOf(source);
    expect(first.detection).toMatchObject({
      format: "csv",
      source: { sheet: 1 },
      packed: { entry: "a.csv" },
    });
    expect(first.detection.sheets?.map(({ name }) => name)).toEqual(["empty.csv", "a.csv", "b.json"]);
    expect(first.rows).toHaveLength(2);
    for (const sheet of [2, "b.json"]) {
      const told = await rowsOf(source, { sheet });
      expect(told.detection).toMatchObject({ format: "json", source: { sheet: 2 } });
      expect(told.rows).toEqual([["1"], ["2"], ["3"]]);
      expect((await rowsOf(source, told.detection.source)).rows).toEqual(told.rows);
    }
    await expect(rowsOf(source, { sheet: "c.csv" })).rejects.toMatchObject({ code: "sheet-not-found" });
  });

  it("keeps the collections of the one Ferry export inside", async () => {
    const collection = (name: string, n: number) => ({
      id: name,
      name,
      template: null,
      fields: [{ name: "t", label: "T", type: "text", required: false }],
      keyFields: ["t"],
      recordCount: n,
      records: Array.from({ length: n }, (_, i) => ({ id: "", data: { t: `${name} ${i}` } })),
    });
    const json = JSON.stringify({
      ferry: { format: "ferry-export", version: 1, exportedAt: "2028-01-01T00:00:00.000Z" },
      collections: [collection("A", 1), collection("B", 2)],
    });
    const source = memorySource(await zipOf({ "export.json": json }, false));
    const most = await rowsOf(source);
    expect(most.detection).toMatchObject({ sheets: [{ name: "A" }, { name: "B" }], keyFields: ["t"] });
    expect(most.rows).toEqual([["B 0"], ["B 1"]]);
    expect((await rowsOf(source, { sheet: "A" })).rows).toEqual([["A 0"]]);
  });

  it("that is damaged gives what stands before, and says so", async () => {
    const bytes = await zipOf({ "a.csv": LARGE }, false);
    bytes.write("!", bytes.indexOf("row 59000,"));
    const { rows, problem } = await rowsOf(memorySource(bytes));
    expect(rows.length).toBeGreaterThan(50_000);
    expect(problem).toMatchObject({ code: "archive-damaged" });
    expect((problem as Error).message).toContain("“a.csv”");
  });

  it("with a password, without tables, or that unpacks to too much is refused in words", async () => {
    const locked = await zipOf({ "a.csv": CSV });
    locked[6]! |= 1;
    const directory = locked.indexOf(Buffer.from("PK\x01\x02", "latin1"));
    locked[directory + 8]! |= 1;
    expect((await refusal(locked)).message).toBe(
      "The file “a.csv” in the ZIP archive is protected by a password. Unpack it with the password and bring the file itself.",
    );
    expect((await refusal(await zipOf({ "photo.png": "x" }))).message).toContain("Ferry can read");
    expect((await refusal(await zipOf({}))).code).toBe("unsupported-format");
    expect((await refusal(await zipOf({ "a.csv": Buffer.alloc(64 << 20, "a") }))).code).toBe(
      "archive-too-large",
    );
  });
});
