import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource } from "./csv/testing/memory-source";
import { fileRowOf, type PassedOver } from "./file-rows";
import { csvReader } from "./csv";
import { DEFAULT_READ_LIMITS, type FormatReader } from "./types";
import { workbookFile } from "./xlsx/testing/workbook-file";
import { xlsxReader } from "./xlsx";

type Source = Parameters<FormatReader["detect"]>[0];

/** Every data row with the row of the file in which the reader says it stands. */
async function placesOf(reader: FormatReader, file: Source, headerRow: number) {
  const detection = await reader.detect(file, { headerRow }, DEFAULT_READ_LIMITS, 10);
  const passedOver: PassedOver[] = [];
  const rows: { number: number; cells: string[] }[] = [];
  for await (const batch of reader.read(file, detection, DEFAULT_READ_LIMITS)) {
    passedOver.push(...(batch.passedOver ?? []));
    batch.rows.forEach((cells, i) => rows.push({ number: batch.firstRow + i, cells }));
  }
  const first = detection.skippedRows + detection.headerRows + 1;
  return rows.map(({ number, cells }) => [fileRowOf({ first, passedOver }, number), cells[0]]);
}

/** Lines of a file after its header, in which "" is an empty one. */
const lines = fc.array(fc.oneof(fc.constant(""), fc.constant("x")), { maxLength: 40 });

describe("the file's row of a data row", () => {
  it("is that of a spreadsheet program, for text with empty lines anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom("\n", "\r\n"), async (body, newline) => {
        const all = ["a,b", ...body.map((line, i) => (line === "" ? "" : `r${i + 2},1`))];
        const file = memorySource(Buffer.from(all.join(newline)));
        const found = await placesOf(csvReader, file, 1);
        expect(found).toEqual(body.flatMap((line, i) => (line === "" ? [] : [[i + 2, `r${i + 2}`]])));
      }),
      { numRuns: 60 },
    );
  });

  it("counts a cell of several lines once, and what stands above the header", async () => {
    const file = memorySource(Buffer.from('Trips of 2024\n\na,b\n"one\n\ntwo",1\n\n\nthree,1\n'));
    expect(await placesOf(csvReader, file, 3)).toEqual([
      [4, "one\n\ntwo"],
      [7, "three"],
    ]);
  });

  it("is the sheet's own, for a workbook with empty rows", async () => {
    const row = (r: number) => `<row r="${r}"><c r="A${r}" t="inlineStr"><is><t>r${r}</t></is></c></row>`;
    const places = [1, 2, 3, 7, 8, 5000, 5001];
    const bytes = await workbookFile({ sheets: [{ name: "S", data: places.map(row).join("") }] });
    expect(await placesOf(xlsxReader, memorySource(bytes), 1)).toEqual(
      places.slice(1).map((r) => [r, `r${r}`]),
    );
  });

  it("is unknown behind what was kept of the empty rows", () => {
    const place = { first: 2, passedOver: [{ before: 3, rows: 2 }], knownThrough: 3 };
    expect([1, 2, 3, 4].map((row) => fileRowOf(place, row))).toEqual([2, 3, 6, undefined]);
  });
});
