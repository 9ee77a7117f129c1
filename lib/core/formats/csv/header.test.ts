import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS } from "@/lib/core/formats/types";
import { csvReader } from ".";
import { memorySource } from "./testing/memory-source";

async function detect(text: string) {
  return csvReader.detect(memorySource(text), {}, DEFAULT_READ_LIMITS, 100);
}

describe("header detection", () => {
  it.each([
    ["names over numbers", "x,y\n1,2\n3,4\n"],
    ["known words over text", "name,city\nAnna,Paris\nBob,Berlin\n"],
    ["years as column names", "country,2019,2020,2021\nFrance,1.5,2.25,3.5\nSpain,4.5,5.5,6.75\n"],
    ["a header alone", "Country,Entry Date,Exit Date\n"],
    ["a name left out", "id,,value\n1,a,5\n2,b,6\n"],
    ["Korean names", "이름,날짜\n민수,2024-01-01\n지민,2024-02-01\n"],
  ])("sees %s", async (_, text) => {
    expect(await detect(text)).toMatchObject({ headerRows: 1, skippedRows: 0, syntheticHeader: false });
  });

  it.each([
    ["numbers in the first row", "1,2,3\n4,5,6\n7,8,9\n"],
    ["codes of one form", "AB-1234,2024-01-01,5\nCD-2345,2024-01-02,6\nEF-3456,2024-01-03,7\n"],
    ["a single row of data", "1,2024-01-01,5.5\n"],
    ["e-mail addresses", "anna@example.com,Paris\nbob@example.com,Berlin\n"],
  ])("sees that there is none: %s", async (_, text) => {
    const detection = await detect(text);
    expect(detection).toMatchObject({ headerRows: 0, syntheticHeader: true });
    expect(detection.source.headerRow).toBe(0);
    expect(detection.columns[0]).toBe("Column 1");
  });

  it("passes over titles, notes, comments and blank lines", async () => {
    const titled = await detect("Sales report\nMade on 2024-01-01\n\nid,name,price\n1,a,2.5\n2,b,3.5\n");
    expect(titled).toMatchObject({ skippedRows: 3, headerRows: 1, columns: ["id", "name", "price"] });
    const commented = await detect("# made by a tool\n# version 2, beta\nid,name,price\n1,a,2.5\n2,b,3.5\n");
    expect(commented).toMatchObject({ skippedRows: 2, columns: ["id", "name", "price"] });
    const hash = await detect("#id,name,price\n1,a,2.5\n2,b,3.5\n");
    expect(hash).toMatchObject({ skippedRows: 0, headerRows: 1 });
  });

  it("merges stacked headers, group names reaching to the right", async () => {
    const text =
      ",2023,,2024,\nplace,min,max,min,max\nHue,1.5,2.5,3.5,4.5\nHanoi,1.5,2.5,3.5,4.5\nVinh,1.5,2,3,4\n";
    const detection = await detect(text);
    expect(detection.headerRows).toBe(2);
    expect(detection.columns).toEqual(["place", "2023 min", "2023 max", "2024 min", "2024 max"]);
  });

  it("makes names unique and never empty", async () => {
    expect((await detect("id,name,Name,,name\n1,a,b,c,d\n2,e,f,g,h\n")).columns).toEqual([
      "id",
      "name",
      "Name 2",
      "Column 4",
      "name 3",
    ]);
  });

  it("names the columns that the header does not reach", async () => {
    expect((await detect("id,name\n1,a,x\n2,b,y\n3,c,z\n")).columns).toEqual(["id", "name", "Column 3"]);
    expect((await detect("id,name\n1,a,\n2,b,\n3,c,\n")).columns).toEqual(["id", "name"]);
  });
});
