import { describe, expect, it } from "vitest";
import { inspectFile } from "@/lib/core/formats/inspect";
import { DEFAULT_READ_LIMITS } from "@/lib/core/formats/types";
import { memorySource } from "./testing/memory-source";
import { pollutedFiles, type PollutedFile } from "./testing/pollution";

async function inspect({ text }: PollutedFile) {
  const { inspection, header, rows } = await inspectFile(
    memorySource(text),
    {},
    DEFAULT_READ_LIMITS,
    Infinity,
  );
  const read: string[][] = [];
  for await (const row of rows) read.push(row);
  return { inspection, header, rows: read };
}

describe("a polluted file", () => {
  it.each(pollutedFiles().map((file) => [file.name, file] as const))("%s", async (_, file) => {
    const { inspection, header, rows } = await inspect(file);
    const { delimiter, quote, newline, skippedRows, headerRows } = file;
    expect(inspection).toMatchObject({
      delimiter,
      quote,
      newline,
      skippedRows,
      headerRows,
      escape: file.escape,
    });
    expect(header).toEqual(file.header);
    expect(rows).toEqual(file.rows);
  });
});
