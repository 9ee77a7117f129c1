import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS, FileProblem } from "../types";
import { memorySource } from "../csv/testing/memory-source";
import { problemOf, readAll } from "../xlsx/testing/read-all";
import { jsonReader } from "./index";

const read = (content: string | Uint8Array, ...more: unknown[]) =>
  readAll(jsonReader, content, ...(more as [object?, object?, number?]));

describe("shapes", () => {
  it("reads a list of objects, its columns the keys in order of first appearance", async () => {
    const { detection, rows } = await read('[{"b":1,"a":"x"},{"c":null,"a":"y","b":2},{},{"a":"z"}]');
    expect(detection).toMatchObject({ columns: ["b", "a", "c"], rowEstimate: 4, rowEstimateExact: true });
    expect(rows).toEqual([["1", "x"], ["2", "y"], [], ["", "z"]]);
  });

  it("reads lists inside objects, the longest unless told", async () => {
    const file =
      '{"version":2,"data":{"trips":[{"country":"TH"},{"country":"VN"}],"sets":[{"name":"N5"}]},"tags":["x"]}';
    const { detection, rows } = await read(file);
    expect(detection.sheets).toEqual([
      { index: 0, name: "data.trips" },
      { index: 1, name: "data.sets" },
    ]);
    expect(rows).toEqual([["TH"], ["VN"]]);
    expect((await read(file, { sheet: "data.sets" })).rows).toEqual([["N5"]]);
    expect((await read(file, { sheet: 1 })).rows).toEqual([["N5"]]);
    expect(await problemOf(jsonReader, file, { sheet: "cards" })).toMatchObject({ code: "sheet-not-found" });
  });

  it("reads one object a line, also with lists inside, and a single object", async () => {
    expect((await read('{"a":1}\r\n{"a":2,"b":[{"c":1}]}\n\n{"b":3}')).rows).toEqual([
      ["1"],
      ["2", '[{"c":1}]'],
      ["", "3"],
    ]);
    expect((await read('{"items":[{"c":1}],"a":1}\n{"a":2}')).detection.columns).toEqual(["items", "a"]);
    expect((await read('{"a":1,"tags":["x","y"]}')).rows).toEqual([["1", '["x","y"]']]);
  });

  it("reads lists of lists, the first of texts as the header", async () => {
    const { detection, rows } = await read('[["Country","Days"],["TH",30],["VN",null]]');
    expect(detection).toMatchObject({ headerRows: 1, columns: ["Country", "Days"] });
    expect(rows).toEqual([["TH", "30"], ["VN"]]);
    expect((await read("[[1,2],[3,4]]")).detection).toMatchObject({ headerRows: 0, syntheticHeader: true });
    expect((await read('[["a"],["b"]]', { headerRow: 0 })).rows).toEqual([["a"], ["b"]]);
  });

  it("reads Ferry's own export: collections, fields, ids", async () => {
    const fields = [
      { name: "country", label: "Country", type: "text", required: true },
      { name: "days", label: "Days", type: "integer", required: false },
    ];
    const records = [
      { id: "r1", version: 3, source: {}, data: { days: 30, country: "TH" } },
      { id: "r2", version: 1, data: {} },
    ];
    const collections = [
      { id: "c1", name: "Trips", template: "trips", fields, records },
      { id: "c2", name: "Empty", template: null, fields: [], records: [] },
    ];
    for (const document of [
      { ferry: { format: "ferry-export", version: 1 }, collections },
      { collections, ferry: { version: 1, format: "ferry-export" } },
    ]) {
      const file = memorySource(JSON.stringify(document));
      const detection = await jsonReader.detect(file, {}, DEFAULT_READ_LIMITS, 10);
      expect(detection).toMatchObject({
        fields,
        columns: ["country", "days"],
        sheets: [{ name: "Trips" }, { name: "Empty" }],
      });
      const batches = [];
      for await (const batch of jsonReader.read(file, detection, DEFAULT_READ_LIMITS)) batches.push(batch);
      expect(batches).toMatchObject([{ firstRow: 1, rows: [["TH", "30"], []], sourceIds: ["r1", "r2"] }]);
    }
    const empty = await read(JSON.stringify({ ferry: { format: "ferry-export", version: 1 }, collections }), {
      sheet: 1,
    });
    expect(empty.rows).toEqual([]);
    const newer = JSON.stringify({ ferry: { format: "ferry-export", version: 9 }, collections: [] });
    expect((await problemOf(jsonReader, newer))?.message).toContain("version 9");
  });
});

describe("values", () => {
  it("keeps numbers as they are written and nested values as compact JSON", async () => {
    const { rows } = await read(
      '[{"a":12345678901234567890,"b":1.50,"c":-2e3,"d":true,"e":false,"f":null,"g":{ "x" : [1, "a b"] }}]',
    );
    expect(rows).toEqual([["12345678901234567890", "1.50", "-2e3", "true", "false", "", '{"x":[1,"a b"]}']]);
  });

  it("decodes escapes, drops NUL, lets the last of two equal keys win, and names the empty key", async () => {
    const { detection, rows } = await read(
      '[{"a\\u0062":"\\ud83d\\ude00\\n\\"","x":"a\\u0000b","x":"last","":1}]',
    );
    expect(detection.columns).toEqual(["ab", "x", "(empty)"]);
    expect(rows).toEqual([['😀\n"', "last", "1"]]);
  });

  it("reads UTF-16 and a byte order mark", async () => {
    const json = '[{"名":"東京 é"}]';
    for (const bytes of [Buffer.from(`\ufeff${json}`), Buffer.from(`\ufeff${json}`, "utf16le")]) {
      expect(jsonReader.sniff(bytes)).toBe(true);
      expect((await read(bytes)).rows).toEqual([["東京 é"]]);
    }
  });

  it("names keys that detection had not met instead of losing them silently", async () => {
    const file = memorySource('[{"a":1},{"a":2,"late":3}]');
    const detection = await jsonReader.detect(file, {}, DEFAULT_READ_LIMITS, 10);
    const batches = [];
    const known = { ...detection, columns: ["a"] };
    for await (const batch of jsonReader.read(file, known, DEFAULT_READ_LIMITS)) batches.push(batch);
    expect(batches).toMatchObject([{ rows: [["1"], ["2"]], unknownKeys: ["late"] }]);
  });

  it("reads what JSON.stringify wrote, at any split of the bytes", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
    );
    const records = fc.array(fc.dictionary(fc.string({ minLength: 1 }), cell), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 2),
        async (list, chunkBytes, indent) => {
          const { detection, rows } = await read(JSON.stringify(list, null, indent), {}, {}, chunkBytes);
          list.forEach((record, i) => {
            for (const [key, value] of Object.entries(record)) {
              const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
              expect(rows[i]?.[detection.columns.indexOf(key)] ?? "").toBe(text.replaceAll("\0", ""));
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("bad input", () => {
  it("says where the syntax breaks, after the records before it", async () => {
    const { rows, problem } = await read('[{"a":1},{"a":2},{"a":}]');
    expect(rows).toEqual([["1"], ["2"]]);
    expect(problem).toMatchObject({ code: "json-syntax", where: { row: 3, byte: 22 } });
    for (const broken of [
      '[{"a":1},]',
      '[{"a":01}]',
      "[{a:1}]",
      '[{"a":1} {"a":2}]',
      '[{"a":"x\n"}]',
      "[{'a':1}]",
      '[{"a":[1,,2]}]',
      '[{"a":1}] x',
    ]) {
      expect(await problemOf(jsonReader, broken)).toMatchObject({ code: "json-syntax" });
    }
  });

  it("delivers the whole records of a file cut off at any byte", async () => {
    const file =
      '{"meta":{"n":[1]},"trips":[{"a":"x\\u0041é","b":[1,{"c":2}]},{"a":-1.5e3},{"a":true}],"z":1}';
    const bytes = Buffer.from(file);
    const { rows } = await read(file);
    expect(rows).toHaveLength(3);
    for (let cut = 0; cut < bytes.length; cut++) {
      const result = await read(bytes.subarray(0, cut)).catch((error: unknown) => {
        if (error instanceof FileProblem) return undefined;
        throw error;
      });
      if (!result) continue;
      expect(result.rows).toEqual(rows.slice(0, result.rows.length));
      if (result.rows.length < 3) expect(result.problem?.code).toBe("truncated");
    }
  });

  it("is not brought down by depth, length, or files without records", async () => {
    const deep = `[{"a":${"[".repeat(100_000)}`;
    expect(await problemOf(jsonReader, deep)).toMatchObject({ code: "json-syntax" });
    expect(await problemOf(jsonReader, "[".repeat(100_000))).toBeInstanceOf(FileProblem);
    expect(await problemOf(jsonReader, '{"a":'.repeat(100_000))).toBeInstanceOf(FileProblem);
    const long = `[{"a":"${"x".repeat(2_000)}"}]`;
    expect(await problemOf(jsonReader, long, {}, { cellCharsMax: 1_000 })).toMatchObject({
      code: "cell-too-long",
    });
    const many = `[{${Array.from({ length: 50 }, (_, i) => `"k${i}":1`).join()}}]`;
    expect(await problemOf(jsonReader, many, {}, { columnsMax: 20 })).toMatchObject({
      code: "too-many-columns",
    });
    const { rows, problem } = await read('[{"a":1},{"a":2},{"a":3}]', {}, { rowsMax: 2 });
    expect([rows.length, problem?.code]).toEqual([2, "too-many-rows"]);
    expect(await problemOf(jsonReader, "")).toMatchObject({ code: "empty-file" });
    for (const none of ["[]", "{}", '{"trips":[]}', '"text"']) {
      expect(await problemOf(jsonReader, none)).toMatchObject({ code: "not-a-table" });
    }
  });

  it("tells JSON from delimited text by its beginning", () => {
    for (const json of ['{"a":1}', ' [\n{"a":1}]', "[[1]]", "[]", "[1,2]"]) {
      expect(jsonReader.sniff(Buffer.from(json))).toBe(true);
    }
    for (const text of ["a,b\n1,2", "[id],name\n1,2", "{id};x", "", "[note] x,y"]) {
      expect(jsonReader.sniff(Buffer.from(text))).toBe(false);
    }
  });
});
