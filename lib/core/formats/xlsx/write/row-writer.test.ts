import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daySerial, isSafeNumber } from "./cell-bytes";
import { copyText } from "./copy-text";
import { escapeText } from "./parts";
import { CellTooLong, RowWriter } from "./row-writer";
import { SheetNames } from "./sheet-names";

function write(
  types: ConstructorParameters<typeof RowWriter>[0],
  copy: string,
  chunkBytes = 1 << 16,
): string {
  const writer = new RowWriter(types);
  const bytes = Buffer.from(copy);
  let row = 2;
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes);
    for (let at = 0; at < chunk.length;) {
      const { next, rows } = writer.write(chunk, at, row, 2);
      at = next;
      row += rows;
    }
  }
  return writer.take().toString();
}

const cells = (xml: string) => [...xml.matchAll(/<c .*?<\/c>/gs)].map(([cell]) => cell);

describe("rows of a sheet", () => {
  it("have typed cells, and text where a cell could not hold the value", () => {
    const types = ["date", "datetime", "integer", "decimal", "boolean", "text"] as const;
    const row = "2024-02-29\t2024-01-01T06:00:00.500Z\t-12\t1.50\ttrue\t=1+1\n";
    expect(cells(write([...types], row))).toEqual([
      '<c r="A2" s="2"><v>45351</v></c>',
      '<c r="B2" s="4"><v>45292.250005787035</v></c>',
      '<c r="C2"><v>-12</v></c>',
      '<c r="D2"><v>1.50</v></c>',
      '<c r="E2" t="b"><v>1</v></c>',
      '<c r="F2" s="5" t="inlineStr"><is><t>=1+1</t></is></c>',
    ]);
    const old = "1899-12-31\t0999-01-01T00:00:00Z\t12345678901234567890\t0.30000000000000004\tfalse\t\\N\n";
    const texts = cells(write([...types], old)).map((cell) => cell.includes("inlineStr"));
    expect(texts).toEqual([true, true, true, true, false]);
  });

  it("are the same wherever the bytes are cut", () => {
    const copy = "a & b\t1\n\\N\t\\N\nline\\nline\t22\n<x> \\\\N _x000D_\t3\nÜ😀\t4\n";
    const whole = write(["text", "integer"], copy);
    expect(whole).toContain("<t>line\nline</t>");
    expect(whole).toContain("<t>&lt;x&gt; \\N _x005F_x000D_</t>");
    expect(whole.match(/<row r="\d+">/g)).toEqual([2, 3, 4, 5, 6].map((n) => `<row r="${n}">`));
    for (let size = 1; size < copy.length; size++) expect(write(["text", "integer"], copy, size)).toBe(whole);
  });

  it("refuse a text that no cell holds", () => {
    expect(() => write(["text"], `${"x".repeat(32_768)}\n`)).toThrow(CellTooLong);
    expect(write(["text"], `${"é".repeat(32_767)}\n`)).toContain("é");
  });
});

describe("values", () => {
  it("days are counted like a spreadsheet does", () => {
    const serial = (day: string) => daySerial(Buffer.from(day), 0);
    expect(["1900-03-01", "1970-01-01", "2000-02-29", "9999-12-31"].map(serial)).toEqual([
      61, 25569, 36585, 2958465,
    ]);
    expect(["1900-02-28", "0001-01-01", "2024-1-01x"].map(serial)).toEqual([-1, -1, -1]);
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 2_958_465 }), (n) => {
        const day = new Date((n - 25_569) * 86_400_000).toISOString().slice(0, 10);
        expect(serial(day)).toBe(n);
      }),
    );
  });

  it("a number is safe when a double shown with 15 digits is the same", () => {
    const safe = (text: string) => isSafeNumber(Buffer.from(text), 0, text.length);
    for (const text of ["0", "-1.5", "123456789012345", "100000000000000000000", "0.000001"]) {
      expect([text, safe(text)]).toEqual([text, true]);
    }
    for (const text of ["1234567890123456", "0.1234567890123456", "1e5", "1000000000000000000001", "x"]) {
      expect([text, safe(text)]).toEqual([text, false]);
    }
  });

  it("COPY's escapes are undone, and characters that XML lacks are escaped", () => {
    expect(copyText(String.raw`a\tb\\n\nc\x`)).toBe("a\tb\\n\ncx");
    expect(escapeText("\u0001\r_x0041_ _x <&>\ufffe")).toBe(
      "_x0001__x000D__x005F_x0041_ _x &lt;&amp;&gt;_xFFFE_",
    );
  });

  it("sheets get names that Excel takes, each its own", () => {
    const names = new SheetNames();
    const wanted = ["a/b", "A_B", "'Ferry'", "", "x".repeat(40), "x".repeat(50), `${"x".repeat(30)}😀`];
    const given = wanted.map((name) => names.next(name));
    expect(given.slice(0, 4)).toEqual(["a_b", "A_B (2)", "Ferry (2)", "Sheet"]);
    expect(given.every((name) => name.length <= 31)).toBe(true);
    expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(given.length);
  });
});
