import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { xlsxReader } from "./index";
import { readAll } from "./testing/read-all";

/**
 * A workbook as LibreOffice Calc 7.4 saves it: a merged title and two more rows above the header, columns without cells
 * to the right, one date column in five number formats and as text, percentages, formulas, notes of several lines and in
 * several scripts, a total row, a second sheet.
 */
const workbook = readFileSync(new URL("./fixtures/messy-trips-libreoffice.xlsx", import.meta.url));

describe("a workbook saved by LibreOffice", () => {
  it("is found below its title, with the columns that have a name", async () => {
    const { detection } = await readAll(xlsxReader, workbook);
    expect(detection.skippedRows).toBe(3);
    expect(detection.headerRows).toBe(1);
    expect(detection.sheets?.map(({ name }) => name)).toEqual(["Trips 2024", "Legend"]);
    expect(detection.columns).toEqual([
      ...["Country", "Entry date", "Exit date", "Visa type", "Max days", "Passport country", "Notes"],
      ...["External ID", "Share of year", "Nights", "Paid", "Drive", "Ratio"],
    ]);
  });

  it("gives date cells as ISO text whatever their format, and text that looks like a date as it stands", async () => {
    const { rows } = await readAll(xlsxReader, workbook);
    expect(rows.map((row) => row[1]).slice(0, 12)).toEqual([
      ...["2018-08-19", "2016-01-21", "2015-06-03", "2016-01-07T14:30:00", "2017-07-03", "26 July 2021"],
      ...["2016/06/29", "2021-05-27", "2021-05-28", "2021-02-21", "2020-07-26", "31.02.2019"],
    ]);
  });

  it("gives numbers, percentages, truth values, times, formulas' results and their errors", async () => {
    const { rows } = await readAll(xlsxReader, workbook);
    expect(rows[6]?.slice(8)).toEqual(["0.07", "7", "TRUE", "07:30:00", "#DIV/0!"]);
    expect(rows[7]?.slice(4, 5)).toEqual([" 1,000"]);
    expect(rows[7]?.slice(8)).toEqual(["0.08", "8", "FALSE", "08:30:00", "2.66666666666667"]);
    expect(rows[24]).toEqual(["Total", "", "", "", "1"]);
    expect(rows).toHaveLength(25);
  });

  it("keeps texts as they were typed: lines, spaces, scripts, joined emoji, what looks like an escape", async () => {
    const { rows } = await readAll(xlsxReader, workbook);
    expect(rows.map((row) => row[6]).slice(0, 10)).toEqual([
      'Two lines:\nthe second, with "quotes" & <angle>',
      "東京から大阪へ 🎌",
      "عطلة في دبي ١٢",
      "=not a formula",
      "  padded  ",
      "line1\n\nline3; semi\ttab",
      "é vs e\u0301 (NFC/NFD)",
      "👩‍👩‍👧‍👦 family",
      "_x0041_ literal",
      "",
    ]);
  });

  it("gives the second sheet when told", async () => {
    const { detection, rows } = await readAll(xlsxReader, workbook, { sheet: "Legend" });
    expect(detection.columns).toEqual(["Code", "Meaning"]);
    expect(rows).toEqual([["T", "tourist"]]);
  });
});

describe("a workbook that Ferry exported and LibreOffice saved again", () => {
  const saved = readFileSync(new URL("./fixtures/ferry-export-libreoffice.xlsx", import.meta.url));

  it("still says what its columns are, and which records its rows", async () => {
    const { detection, rows } = await readAll(xlsxReader, saved);
    expect(detection).toMatchObject({
      columns: ["text", "n", "d", "dt", "b", "_id"],
      sheets: [{ name: "T: x/y" }],
    });
    expect(detection.fields?.map(({ type }) => type)).toEqual([
      "text",
      "decimal",
      "date",
      "datetime",
      "boolean",
    ]);
    expect(rows.map((row) => row.slice(0, 5))).toEqual([
      ["=1+1 & <x>\nline _x000D_", "1.5", "2024-02-29", "2024-01-01T06:00:00.500", "TRUE"],
      ["😀", "12345678901234567890.5", "1850-01-01", "", ""],
    ]);
    expect(rows.every((row) => /^[0-9a-f-]{36}$/.test(row[5] ?? ""))).toBe(true);
  });
});
