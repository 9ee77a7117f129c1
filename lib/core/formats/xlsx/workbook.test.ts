import { describe, expect, it } from "vitest";
import { memorySource } from "../csv/testing/memory-source";
import { DEFAULT_READ_LIMITS } from "../types";
import { xlsxReader } from "./index";
import { problemOf, readAll } from "./testing/read-all";
import { oneSheet, workbookFile, workbookParts, zipOf } from "./testing/workbook-file";

const row = (...values: (string | number)[]) =>
  `<row>${values.map((v) => (typeof v === "number" ? `<c><v>${v}</v></c>` : `<c t="inlineStr"><is><t>${v}</t></is></c>`)).join("")}</row>`;

const trips = row("Country", "Days") + row("Japan", 10) + row("Peru", 20);

describe("sheets", () => {
  it("takes the first visible sheet with rows, and lists all of them", async () => {
    const file = await workbookFile({
      sheets: [
        { name: "Empty", data: "" },
        { name: "Secret &amp; hidden", data: trips, hidden: true },
        { name: "Trips", data: trips },
      ],
    });
    const { detection, rows } = await readAll(xlsxReader, file);
    expect(detection.source).toMatchObject({ sheet: 2, headerRow: 1 });
    expect(detection.sheets?.map(({ name }) => name)).toEqual(["Empty", "Secret & hidden", "Trips"]);
    expect(detection.columns).toEqual(["Country", "Days"]);
    expect(rows).toEqual([
      ["Japan", "10"],
      ["Peru", "20"],
    ]);
    expect(detection).toMatchObject({
      rowEstimate: 2,
      rowEstimateExact: true,
      headerRows: 1,
      skippedRows: 0,
    });
  });

  it("takes the sheet told by index or name, and says what there is when it is missing", async () => {
    const file = await workbookFile({
      sheets: [
        { name: "One", data: row("a") + row(1) },
        { name: "Two", data: row("b") + row(2) },
      ],
    });
    expect((await readAll(xlsxReader, file, { sheet: 1 })).rows).toEqual([["2"]]);
    expect((await readAll(xlsxReader, file, { sheet: "two" })).rows).toEqual([["2"]]);
    const problem = await problemOf(xlsxReader, file, { sheet: "Three" });
    expect(problem).toMatchObject({ code: "sheet-not-found" });
    expect(problem?.message).toContain('"One", "Two"');
  });

  it("follows relationships to parts in odd places, also of strict files", async () => {
    const parts = workbookParts({ sheets: [{ name: "S", data: trips }] });
    const strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    const odd = new Map([
      [
        "_rels/.rels",
        `<p:Relationships xmlns:p="x"><p:Relationship Target="/Book/Main.XML" Type="${strict}/officeDocument" Id="a"/></p:Relationships>`,
      ],
      [
        "book/main.xml",
        `<x:workbook xmlns:rel="${strict}"><x:sheets><x:sheet rel:id="q" name="S" sheetId="4"/></x:sheets></x:workbook>`,
      ],
      [
        "book/_rels/main.xml.rels",
        `<Relationships><Relationship Id="q" Type="${strict}/worksheet" Target="../data/tab%20one.xml"/></Relationships>`,
      ],
      ["data/tab one.xml", parts.get("xl/worksheets/sheet1.xml") ?? ""],
    ]);
    expect((await readAll(xlsxReader, await zipOf(odd))).rows).toHaveLength(2);
  });

  it("reads stored entries and parts in any order", async () => {
    const parts = [...workbookParts({ sheets: [{ name: "S", data: trips }] })].reverse();
    expect((await readAll(xlsxReader, await zipOf(parts, { compress: false }))).rows).toHaveLength(2);
  });
});

describe("header", () => {
  it("passes over titles and blank rows, counting the sheet's own rows", async () => {
    const data =
      `<row r="1"><c r="A1" t="inlineStr"><is><t>Report of 2024</t></is></c></row>` +
      `<row r="4">${row("Country", "Days", "Visa").slice(5)}${row("Japan", 10, "tourist")}${row("Peru", 20, "tourist")}`;
    const { detection, rows } = await readAll(xlsxReader, await oneSheet(data));
    expect(detection).toMatchObject({ headerRows: 1, skippedRows: 3, columns: ["Country", "Days", "Visa"] });
    expect(rows).toHaveLength(2);
  });

  it("makes names up when there is no header, and when told so", async () => {
    const { detection, rows } = await readAll(xlsxReader, await oneSheet(row(1, 2) + row(3, 4) + row(5, 6)));
    expect(detection).toMatchObject({
      syntheticHeader: true,
      headerRows: 0,
      columns: ["Column 1", "Column 2"],
    });
    expect(rows).toHaveLength(3);
    expect((await readAll(xlsxReader, await oneSheet(trips), { headerRow: 0 })).rows).toHaveLength(3);
  });

  it("takes the header row it is told, and gives unique names", async () => {
    const data = row("x") + row("Name", "Name", "") + row("a", "b", "c");
    const { detection, rows } = await readAll(xlsxReader, await oneSheet(data), { headerRow: 2 });
    expect(new Set(detection.columns).size).toBe(3);
    expect(detection.columns[0]).toBe("Name");
    expect(rows).toEqual([["a", "b", "c"]]);
  });

  it("tells an empty sheet and a header without rows", async () => {
    expect(await problemOf(xlsxReader, await oneSheet(""))).toMatchObject({ code: "empty-file" });
    expect(await problemOf(xlsxReader, await oneSheet(row("Country", "Days")))).toMatchObject({
      code: "header-only",
    });
  });
});

describe("progress", () => {
  it("is that of the rows, however large the texts before them", async () => {
    const count = 20_000;
    const cells = Array.from({ length: count }, (_, i) => `<row><c t="s"><v>${i}</v></c></row>`);
    const texts = Array.from({ length: count }, (_, i) => `<si><t>${Math.sin(i)} ${Math.cos(i)}</t></si>`);
    for (const streamed of [false, true]) {
      const parts = workbookParts({
        sheets: [{ name: "Sheet1", data: cells.join("") }],
        sharedStrings: texts.join(""),
      });
      const file = memorySource(await zipOf(parts, { streamed }), 4_096);
      const detection = await xlsxReader.detect(file, { headerRow: 0 }, DEFAULT_READ_LIMITS, 10);
      let read = 0;
      for await (const { rows, bytesRead } of xlsxReader.read(file, detection, DEFAULT_READ_LIMITS)) {
        read += rows.length;
        const estimate = (read * file.size) / bytesRead;
        expect(estimate).toBeGreaterThan(count * 0.8);
        expect(estimate).toBeLessThan(count * 1.2);
      }
      expect(read).toBe(count);
    }
  });
});
