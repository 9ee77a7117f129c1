import { expect, it } from "vitest";
import type { ExportSnapshot } from "@/db/bulk/export-snapshot";
import { CreateExportBody } from "@/lib/contracts/exports";
import { detectFile, readerFor } from "@/lib/core/formats/registry";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";
import type { ExportSource } from "@/lib/services/exports/piece";
import { pack } from "./pack";
import { planCollection } from "./plan-export";
import { workbookPieces } from "./workbook-pieces";

const collection = {
  id: "c1",
  name: "Many rows",
  template: null,
  fields: [{ name: "n", label: "N", type: "integer", required: false }],
  keyFields: [],
  recordCount: 0,
};

/** A snapshot whose collection has the numbers from 1 to `count`, in pieces of `rowsAtOnce` rows. */
function sourceOf(count: number, rowsAtOnce: number): ExportSource {
  const request = CreateExportBody.parse({ format: "xlsx", includeMetadata: false });
  const plan = planCollection(collection, request, {
    today: "2026-01-01",
    pseudonymOf: (text) => text,
  });
  const snapshot = {
    async *textRows() {
      await Promise.resolve();
      for (let first = 1; first <= count; first += rowsAtOnce) {
        const numbers = Array.from({ length: Math.min(rowsAtOnce, count - first + 1) }, (_, i) => first + i);
        yield Buffer.from(numbers.map((n) => `${n}\n`).join(""));
      }
    },
  } as unknown as ExportSnapshot;
  if (!plan) throw new Error("nothing planned");
  const now = new Date("2026-01-01T00:00:00Z");
  return { snapshot, request, now, counted: [{ plan, count }], categories: [], privacy: undefined };
}

async function readBack(source: ExportSource, sheetRowsMax: number) {
  const chunks: Uint8Array[] = [];
  const pieces = workbookPieces(source, sheetRowsMax);
  for await (const chunk of pack(pieces, { kind: "workbook", level: 1 })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const file: ByteSource = {
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      await Promise.resolve();
      yield bytes.subarray(start, end);
    },
  };
  const detection = await detectFile(file, {}, DEFAULT_READ_LIMITS, 3);
  const rows: string[] = [];
  for await (const batch of readerFor("xlsx").read(file, detection, DEFAULT_READ_LIMITS)) {
    expect(batch.firstRow).toBe(rows.length + 1);
    rows.push(...batch.rows.map((row) => row[0] ?? ""));
  }
  return { detection, rows };
}

it.each([
  [0, 3, 10],
  [1, 3, 10],
  [9, 3, 10],
  [10, 3, 10],
  [18, 5, 10],
  [19, 50, 10],
  [100, 7, 4],
])(
  "goes on on further sheets: %i rows, %i at once, at most %i on a sheet",
  async (count, atOnce, sheetRowsMax) => {
    const { detection, rows } = await readBack(sourceOf(count, atOnce), sheetRowsMax);
    expect(detection).toMatchObject({ columns: ["n"], sheets: [{ index: 0, name: "Many rows" }] });
    expect(detection.rowEstimate).toBe(count);
    expect(rows).toEqual(Array.from({ length: count }, (_, i) => String(i + 1)));
  },
);
