import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS } from "@/lib/core/formats/types";
import { csvReader } from ".";
import { corpusFile } from "./testing/corpus";
import { memorySource } from "./testing/memory-source";
import { Random } from "./testing/random";

async function detect(text: string, options = {}) {
  return csvReader.detect(memorySource(text), options, DEFAULT_READ_LIMITS, 100);
}

describe("dialect detection", () => {
  it("finds dialect, header and rows of at least 98 % of a random corpus", { timeout: 120_000 }, async () => {
    const files = 300;
    const failed: string[] = [];
    for (let seed = 0; seed < files; seed++) {
      const file = corpusFile(new Random(seed));
      const detection = await detect(file.text);
      const rows: string[][] = [];
      for await (const batch of csvReader.read(memorySource(file.text), detection, DEFAULT_READ_LIMITS)) {
        rows.push(...batch.rows);
      }
      const right =
        detection.source.delimiter === file.dialect.delimiter &&
        detection.headerRows === (file.hasHeader ? 1 : 0) &&
        detection.skippedRows === file.skippedRows &&
        JSON.stringify(rows) === JSON.stringify(file.table.rows);
      if (!right) failed.push(`${seed} ${JSON.stringify(file.dialect)}`);
    }
    expect(failed.length / files, failed.join("\n")).toBeLessThanOrEqual(0.02);
  });

  it.each([
    ["decimal commas between semicolons", "a;b\n1,5;2,25\n3,5;4,75\n", ";"],
    ["commas in text between tabs", "name\ttext\nAnna\thello, you, there\nBob\tone, two\n", "\t"],
    ["double colons", "id::title::year\n1::Toy Story::1995\n2::Heat::1995\n3::Casino::1995\n", "::"],
    ["pipes", "a|b|c\n1|x, y|2\n2|z|3\n", "|"],
    ["spaces", 'x y label\n1 2 "a b"\n3 4 "c d"\n5 6 e\n', " "],
    ["timestamps and commas", "at,value\n2024-01-01 10:00:00,5\n2024-01-01 11:00:00,6\n", ","],
    ["JSON in cells", 'id,data\n1,"{""a"": 1, ""b"": [1, 2]}"\n2,"{""a"": 2, ""b"": []}"\n', ","],
    ["a control character", "a\u0001b\n1\u00012\n3\u00014\n", "\u0001"],
    ["apostrophes in text", "name,note\nO'Neil,don't\nD'Arcy,can't, won't\n", ","],
  ])("tells %s", async (_, text, delimiter) => {
    expect((await detect(text)).source).toMatchObject({ delimiter, quote: '"' });
  });

  it("takes a file for one column when nothing divides its lines alike", async () => {
    const words = await detect("word\nhello\nworld\nagain\n");
    expect(words.source.delimiter).toBe(",");
    expect(words.columns).toEqual(["word"]);
    expect(words.evidence.join(" ")).toContain("Single column");
    const prose = await detect(
      "Once upon a time\nthere was, as they say,\na table\nof one column only, here.\n",
    );
    expect(prose.columns).toHaveLength(1);
    const times = await detect("2024-01-01 12:30:00\n2024-01-02 12:45:00\n2024-01-03 13:00:00\n");
    expect(times.columns).toHaveLength(1);
  });

  it("obeys Excel's sep= line and passes over it", async () => {
    const detection = await detect("sep=;\r\na;b\r\n1,5;2\r\n");
    expect(detection).toMatchObject({ skippedRows: 1, headerRows: 1, columns: ["a", "b"] });
    expect(detection.source).toMatchObject({ delimiter: ";", headerRow: 2 });
    expect(detection.sampleRows).toEqual([["1,5", "2"]]);
  });

  it("lets what was told stand", async () => {
    const text = "a;b\n1;2\n3;4\n";
    const told = await detect(text, {
      delimiter: ",",
      quote: "'",
      escape: "\\",
      headerRow: 0,
      encoding: "windows-1250",
    });
    expect(told.source).toMatchObject({
      delimiter: ",",
      quote: "'",
      escape: "\\",
      headerRow: 0,
      encoding: "windows-1250",
    });
    expect(told.sampleRows).toEqual([["a;b"], ["1;2"], ["3;4"]]);
    const later = await detect("x,y\na,b\n1,2\n", { headerRow: 2 });
    expect(later).toMatchObject({
      skippedRows: 1,
      headerRows: 1,
      columns: ["a", "b"],
      sampleRows: [["1", "2"]],
    });
  });
});
