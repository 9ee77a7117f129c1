import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScanWindow } from "../scan-window";
import { DEFAULT_READ_LIMITS } from "../types";
import { xlsxReader } from "./index";
import { SharedStrings } from "./shared-strings";
import { SheetScanner } from "./sheet-scanner";
import { readAll } from "./testing/read-all";
import { escapeXml, workbookFile } from "./testing/workbook-file";

const SHEET =
  '<?xml version="1.0"?><!-- > --><worksheet><dimension ref="A1:C3"/><sheetData>' +
  '<row r="1" spans="1:3"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> é&amp;<![CDATA[<]]></t></is></c></row>' +
  '<x:row r=\'3\' ><x:c r="B3" s="1"><x:f>A1</x:f><x:v>45351.5</x:v></x:c><c r="D3" t="is"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c><c/></x:row>' +
  '<row/><row><c t="b"><v>1</v></c><c t="str"><v>日本_x0041_</v></c></row></sheetData><pageMargins/></worksheet>';
const ROWS = [
  ["one", " é&<"],
  ["", "2024-02-29T12:00:00", "", "ab"],
  ["TRUE", "日本A"],
];

const STRINGS =
  '<sst count="3"><si><t>zero</t></si><si><t>o</t><rPh sb="0"><t>no</t></rPh></si><!-- si --><si><t xml:space="preserve"> ü&#10;_x000D_</t></si><si/></sst>';

function scanSheet(chunks: Uint8Array[]): SheetScanner {
  const scanner = new SheetScanner(
    {
      sharedString: (index) => (index === 1 ? "one" : undefined),
      numberKinds: Uint8Array.of(0, 1),
      date1904: false,
    },
    DEFAULT_READ_LIMITS,
  );
  const window = new ScanWindow(scanner, 1 << 20);
  for (const chunk of chunks) window.push(chunk);
  window.finish();
  return scanner;
}

describe("parts in pieces", () => {
  it("reads the same rows wherever the bytes are split in three", () => {
    const bytes = Buffer.from(SHEET);
    for (let first = 0; first < bytes.length; first++) {
      for (const second of [first + 1, first + 7, Math.floor((first + bytes.length) / 2)]) {
        const scanner = scanSheet([
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ]);
        expect(scanner.rows).toEqual(ROWS);
        expect(scanner).toMatchObject({ rowNumbers: [1, 3, 5], dimension: "A1:C3", done: true });
      }
    }
    expect(scanSheet([...bytes].map((byte) => Uint8Array.of(byte))).rows).toEqual(ROWS);
  });

  it("reads the same texts wherever the bytes are split", () => {
    const bytes = Buffer.from(STRINGS);
    for (let at = 0; at < bytes.length; at++) {
      const strings = new SharedStrings(1_000);
      const window = new ScanWindow(strings, 1 << 20);
      window.push(bytes.subarray(0, at));
      window.push(bytes.subarray(at));
      expect([0, 1, 2, 3, 4].map((index) => strings.at(index))).toEqual([
        "zero",
        "o",
        " ü\n\r",
        "",
        undefined,
      ]);
      expect(strings.done).toBe(true);
    }
  });
});

describe("write, then read", () => {
  it("gives back every text, inline and shared, in its place", async () => {
    // Unpaired surrogates and control characters cannot stand in XML.
    const text = fc
      .string({ unit: "grapheme", maxLength: 30 })
      .map((value) => value.replace(/[\u0000-\u001f\ufffe\uffff]/g, "").replaceAll("_x", ""));
    const table = fc.array(fc.array(text, { maxLength: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.boolean(),
        fc.integer({ min: 1, max: 500 }),
        async (rows, shared, chunkBytes) => {
          const texts = rows.flat();
          let next = 0;
          const cell = (value: string, column: number) => {
            const ref = String.fromCharCode(65 + column);
            if (shared) return `<c r="${ref}1" t="s"><v>${next++}</v></c>`;
            return `<c r="${ref}1" t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`;
          };
          const data = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
          const sharedStrings = texts.map((value) => `<si><t>${escapeXml(value)}</t></si>`).join("");
          const file = await workbookFile({
            sheets: [{ name: "S", data }],
            ...(shared ? { sharedStrings } : {}),
          });
          const expected = rows.map(trimmed).filter((row) => row.length > 0);
          if (expected.length === 0) return;
          expect((await readAll(xlsxReader, file, { headerRow: 0 }, {}, chunkBytes)).rows).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

function trimmed(row: string[]): string[] {
  return row.slice(0, row.findLastIndex((cell) => cell !== "") + 1);
}
