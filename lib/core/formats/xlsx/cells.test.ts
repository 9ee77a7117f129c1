import { describe, expect, it } from "vitest";
import { xlsxReader } from "./index";
import { readAll } from "./testing/read-all";
import { oneSheet, workbookFile, workbookParts, zipOf } from "./testing/workbook-file";

/** Rows of a headerless sheet. */
async function rowsOf(data: string, more: Parameters<typeof oneSheet>[1] = {}): Promise<string[][]> {
  const { rows, problem } = await readAll(xlsxReader, await oneSheet(data, more), { headerRow: 0 });
  expect(problem).toBeUndefined();
  return rows;
}

const inline = (inner: string) => rowsOf(`<row><c t="inlineStr"><is>${inner}</is></c></row>`);

describe("texts", () => {
  it("reads inline strings, with entities and escapes", async () => {
    expect(await inline("<t>a &amp; b &lt;c&gt; &quot;d&quot; &#10;&#x1F600;&apos;</t>")).toEqual([
      ['a & b <c> "d" \n😀\''],
    ]);
    expect(await inline("<t>line_x000D_\nnext _x005F_x000D_ _x0041_ _xZZ_</t>")).toEqual([
      ["line\r\nnext _x000D_ A _xZZ_"],
    ]);
  });

  it("keeps white space, with and without xml:space", async () => {
    expect(await inline('<t xml:space="preserve">  two  </t>')).toEqual([["  two  "]]);
    expect(await inline("<t> one </t>")).toEqual([[" one "]]);
  });

  it("joins runs and leaves phonetic readings out", async () => {
    const runs = '<r><rPr><b/></rPr><t>東</t></r><r><t xml:space="preserve">京 </t></r>';
    expect(await inline(`${runs}<rPh sb="0" eb="1"><t>トウ</t></rPh><phoneticPr fontId="1"/>`)).toEqual([
      ["東京 "],
    ]);
  });

  it("reads CDATA, comments and processing instructions inside and between elements", async () => {
    expect(await inline("<t>a<![CDATA[ <b> & ]]>c</t>")).toEqual([["a <b> & c"]]);
    expect(await inline("<!-- <t>no</t> --><t>y<!-- n -->es<?no?></t>")).toEqual([["yes"]]);
    const data = `<?pi > ?><!-- <row><c><v>9</v></c></row> --><row><!-- > --><c><v><![CDATA[5]]></v></c></row>`;
    expect(await rowsOf(data)).toEqual([["5"]]);
  });

  it("normalises the line ends of XML but not those that are escaped", async () => {
    expect(await inline("<t>a\r\nb\rc&#13;d</t>")).toEqual([["a\nb\nc\rd"]]);
  });

  it("reads shared strings: plain, in runs, empty, escaped, many times", async () => {
    const sharedStrings =
      "<si><t>plain</t></si><si/><si><r><t>ru</t></r><r><t>ns</t></r><rPh><t>x</t></rPh></si>" +
      '<si><t xml:space="preserve"> é&amp;_x000A_ </t></si><si><t/></si><si><t>日本</t></si>';
    const cells = [0, 1, 2, 3, 4, 5, 0, 5].map((i) => `<c t="s"><v>${i}</v></c>`).join("");
    expect(await rowsOf(`<row>${cells}</row>`, { sharedStrings })).toEqual([
      ["plain", "", "runs", " é&\n ", "", "日本", "plain", "日本"],
    ]);
  });
});

describe("values", () => {
  it("reads booleans, errors, formulas and dates in ISO form", async () => {
    const data =
      '<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>' +
      '<c t="str"><f>A1&amp;"x"</f><v>text</v></c><c><f t="shared" si="0"/><v>7</v></c><c><f>1+1</f></c>' +
      '<c t="d"><v>2024-02-29</v></c><c t="d"><v>2024-02-29T00:00:00.000Z</v></c><c t="d"><v>2024-02-29T13:05:00</v></c></row>';
    expect(await rowsOf(data)).toEqual([
      ["TRUE", "FALSE", "#N/A", "text", "7", "", "2024-02-29", "2024-02-29", "2024-02-29T13:05:00"],
    ]);
  });

  it("writes numbers as decimals without exponent or binary noise", async () => {
    const numbers = [
      "1",
      "0",
      "-5",
      "1E+3",
      "0.30000000000000004",
      "1.0",
      "1.5E-7",
      "123456789012345678",
      "007",
      "-0",
    ];
    const data = `<row>${numbers.map((n) => `<c><v>${n}</v></c>`).join("")}</row>`;
    expect(await rowsOf(data)).toEqual([
      ["1", "0", "-5", "1000", "0.3", "1", "0.00000015", "123456789012345678", "7", "0"],
    ]);
  });

  it("shows dates by the number format of the cell's style", async () => {
    const formats = [
      0,
      14,
      22,
      21,
      46,
      "yyyy\\-mm\\-dd",
      '0.00" days"',
      "[$-409]d/m/yy h:mm AM/PM;@",
      "[Red]0",
      "ss.000",
    ];
    const cell = (style: number, value: string) => `<c s="${style}"><v>${value}</v></c>`;
    const values = [
      cell(0, "45351"),
      cell(1, "45351"),
      cell(2, "45351.75"),
      cell(3, "0.5"),
      cell(4, "1.0625"),
      cell(5, "45351"),
      cell(6, "12"),
      cell(7, "45351.25"),
      cell(8, "3"),
      cell(9, "45351.0000057870370"),
    ];
    expect(await rowsOf(`<row>${values.join("")}</row>`, { formats })).toEqual([
      [
        "45351",
        "2024-02-29",
        "2024-02-29T18:00:00",
        "12:00:00",
        "25:30:00",
        "2024-02-29",
        "12",
        "2024-02-29T06:00:00",
        "3",
        "2024-02-29T00:00:00.500",
      ],
    ]);
  });

  it("reads times over 24 hours as durations, whether their format counts the hours on or begins anew", async () => {
    const formats = [0, 20, 21, 46, "h:mm;@", "[$-409]h:mm AM/PM", "mm:ss", "d/m/yyyy h:mm", "[h]:mm", "mmm"];
    const cell = (style: number, value: string) => `<c s="${style}"><v>${value}</v></c>`;
    const overADay = String(26.5 / 24);
    const rows = await rowsOf(
      `<row>${[1, 2, 3, 4, 5, 6, 8].map((style) => cell(style, overADay)).join("")}</row>` +
        `<row>${[cell(1, "2"), cell(1, "0.5"), cell(1, "45351.25"), cell(2, "45351"), cell(7, overADay), cell(9, "2")].join("")}</row>`,
      { formats },
    );
    expect(rows[0]).toEqual(new Array(7).fill("26:30:00"));
    expect(rows[1]).toEqual([
      "48:00:00",
      "12:00:00",
      "2024-02-29T06:00:00",
      "2024-02-29",
      "1900-01-01T02:30:00",
      "1900-01-02",
    ]);
  });

  it("knows the leap day of 1900 that never was, and the 1904 system", async () => {
    const serials = (...values: string[]) =>
      `<row>${values.map((v) => `<c s="1"><v>${v}</v></c>`).join("")}</row>`;
    expect(
      await rowsOf(serials("1", "59", "60", "61", "2958465", "2958466", "-1"), { formats: [0, 14] }),
    ).toEqual([["1900-01-01", "1900-02-28", "1900-02-29", "1900-03-01", "9999-12-31", "2958466", "-1"]]);
    expect(await rowsOf(serials("1", "43889"), { formats: [0, 14], date1904: true })).toEqual([
      ["1904-01-02", "2024-02-29"],
    ]);
  });
});

describe("places", () => {
  it("puts cells in their columns and counts on where none is stated", async () => {
    const data =
      '<row r="2"><c r="C2"><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row>' +
      '<row r="9"><c r="AB9"><v>4</v></c></row>';
    const rows = await rowsOf(data);
    expect(rows[0]).toEqual(["", "", "1", "2"]);
    expect(rows[1]).toEqual(["", "3"]);
    expect(rows[2]).toHaveLength(28);
  });

  it("takes attributes in any order, in either quotes, with white space, and names with prefixes", async () => {
    const xml =
      "<x:worksheet><x:sheetData><x:row spans='1:2' r = '1' ><x:c  t='inlineStr'\n r=\"B1\" s='0'><x:is><x:t>a>b</x:t></x:is></x:c >" +
      "<x:c cm='1' t=\"n\"><x:v >4</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    const file = await workbookFile({ sheets: [{ name: "Sheet1", data: "", xml }] });
    expect((await readAll(xlsxReader, file, { headerRow: 0 })).rows).toEqual([["", "a>b", "4"]]);
  });

  it("passes over rows without values and trims empty cells at the end", async () => {
    const data =
      '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"/></row><row r="2"/><row r="3"><c r="A3" t="inlineStr"><is><t></t></is></c></row>' +
      '<row r="4"><c r="A4"><v>2</v></c></row>';
    expect(await rowsOf(data, { formats: [0, 14] })).toEqual([["1"], ["2"]]);
  });

  it("reads UTF-16 parts", async () => {
    const xml =
      '\ufeff<worksheet><sheetData><row><c t="inlineStr"><is><t>ü東</t></is></c></row></sheetData></worksheet>';
    const map = new Map<string, string | Buffer>(workbookParts({ sheets: [{ name: "S", data: "" }] }));
    map.set("xl/worksheets/sheet1.xml", Buffer.from(xml, "utf16le"));
    expect((await readAll(xlsxReader, await zipOf(map), { headerRow: 0 })).rows).toEqual([["ü東"]]);
  });
});
