import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS, type FileProblem, type ByteSource, type SourceOptions } from "../types";
import { detectFile, readerFor } from "../registry";
import { collectionLine, linesOpening } from "./write";

function sourceOf(text: string, chunkBytes = 1 << 16): ByteSource {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      await Promise.resolve();
      for (let at = start; at < end; at += chunkBytes)
        yield bytes.subarray(at, Math.min(end, at + chunkBytes));
    },
  };
}

const NAME = { name: "name", label: "Full name", type: "text" as const, required: true };
const DAYS = { name: "days", label: "Days", type: "integer" as const, required: false };
const head = { exportedAt: new Date("2026-01-02T03:04:05Z") };
const collection = (id: string, name: string, fields = [NAME, DAYS], recordCount = 2) => ({
  id,
  name,
  template: null,
  fields,
  keyFields: [],
  recordCount,
});

async function readAll(text: string, options: SourceOptions = {}, chunkBytes?: number) {
  const file = sourceOf(text, chunkBytes);
  const detection = await detectFile(file, options, DEFAULT_READ_LIMITS, 10);
  const rows: string[][] = [];
  const ids: (string | undefined)[] = [];
  const unknown: string[] = [];
  let problem: unknown;
  try {
    for await (const batch of readerFor(detection.format).read(file, detection, DEFAULT_READ_LIMITS)) {
      rows.push(...batch.rows);
      ids.push(...(batch.sourceIds ?? []));
      unknown.push(...(batch.unknownKeys ?? []));
    }
  } catch (error) {
    problem = error;
  }
  return { detection, rows, ids, unknown, problem };
}

const ONE =
  linesOpening(head, [collection("c1", "People")]) +
  '{"id": "r1", "version": 3, "data": {"days": 30, "name": "Ann \\u00e9 \\n"}}\n{"id":"r2","data":{"name":"{\\"x\\""}}\n';
const TWO =
  linesOpening(head, [collection("c1", "People", [NAME, DAYS], 1), collection("c2", "Trips", [DAYS], 3)]) +
  `${collectionLine("c1")}{"id":"r1","data":{"name":"Ann"}}\n` +
  `${collectionLine("c2")}{"id":"t1","data":{"days":1}}\n{"id":"t2","data":{}}\n{"id":"t3","data":{"days":3,"late":1}}\n`;

describe("Ferry's own NDJSON", () => {
  it("reads back fields, ids and values, wherever the bytes are cut", async () => {
    for (const chunkBytes of [1, 7, 1 << 16]) {
      const { detection, rows, ids } = await readAll(ONE, {}, chunkBytes);
      expect(detection).toMatchObject({
        format: "ndjson",
        columns: ["name", "days"],
        fields: [NAME, DAYS],
        exportedAt: "2026-01-02T03:04:05.000Z",
        rowEstimate: 2,
        sheets: [{ index: 0, name: "People" }],
      });
      expect(rows).toEqual([["Ann é \n", "30"], ['{"x"']]);
      expect(ids).toEqual(["r1", "r2"]);
    }
  });

  it("keeps several collections apart, and takes the one with most records unless told", async () => {
    const trips = await readAll(TWO);
    expect(trips.detection).toMatchObject({ columns: ["days", "late"], source: { sheet: 1 } });
    expect(trips.rows).toEqual([["1"], [], ["3", "1"]]);
    expect(trips.ids).toEqual(["t1", "t2", "t3"]);
    const people = await readAll(TWO, { sheet: "People" }, 3);
    expect(people.rows).toEqual([["Ann"]]);
    await expect(readAll(TWO, { sheet: "Nobody" })).rejects.toThrow('no collection "Nobody"');
  });

  it("of a collection without records has its fields all the same", async () => {
    const { detection, rows } = await readAll(linesOpening(head, [collection("c1", "Empty", [NAME], 0)]));
    expect([detection.columns, rows]).toEqual([["name"], []]);
    await expect(readAll(linesOpening(head, []))).rejects.toMatchObject({ code: "empty-file" });
  });

  it("names a newer version, a cut and a broken line instead of guessing", async () => {
    await expect(readAll(ONE.replace('"version":1', '"version":2'))).rejects.toThrow("version 2");
    const cut = await readAll(ONE.slice(0, -3));
    expect([cut.rows.length, (cut.problem as FileProblem).code]).toEqual([1, "truncated"]);
    const broken = await readAll(ONE.replace('"id":"r2"', '"id":r2'));
    expect([broken.rows.length, (broken.problem as FileProblem).code]).toEqual([1, "json-syntax"]);
  });

  it("of anybody else is read as JSON is", async () => {
    const plain = '{"a":1}\n{"a":2}\n';
    expect((await readAll(plain)).detection.format).toBe("json");
    const told = await readAll(plain, { format: "ndjson" });
    expect([told.detection.format, told.rows]).toEqual(["ndjson", [["1"], ["2"]]]);
  });
});
