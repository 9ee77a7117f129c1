import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine, withCrlf } from "@/lib/core/formats/csv/write";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";
import { detectFile, readerFor } from "@/lib/core/formats/registry";

function sourceOf(text: string): ByteSource {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    async *stream(start = 0, end = bytes.length) {
      await Promise.resolve();
      yield bytes.subarray(start, end);
    },
  };
}

async function readBack(text: string, delimiter: string): Promise<string[][]> {
  const told = { format: "csv", encoding: "utf-8", delimiter, quote: '"', escape: "", headerRow: 1 } as const;
  const detection = await detectFile(sourceOf(text), told, DEFAULT_READ_LIMITS, 5);
  const rows: string[][] = [];
  for await (const batch of readerFor("csv").read(sourceOf(text), detection, DEFAULT_READ_LIMITS))
    rows.push(...batch.rows);
  return rows;
}

async function convert(chunks: string[]): Promise<{ text: string; rows: number }> {
  let text = "";
  let rows = 0;
  const body = (async function* () {
    await Promise.resolve();
    for (const chunk of chunks) yield Buffer.from(chunk, "latin1");
  })();
  for await (const chunk of withCrlf(body)) {
    text += Buffer.from(chunk.bytes).toString("latin1");
    rows += chunk.rows;
  }
  return { text, rows };
}

describe("a CSV row", () => {
  it("is quoted only where it must be", () => {
    expect(csvLine(["a b", "1,5", 'say "hi"', "two\nlines", "", "é"])).toBe(
      'a b,"1,5","say ""hi""","two\nlines",,é\r\n',
    );
    expect(csvLine(["1,5", "a;b"], ";")).toBe('1,5;"a;b"\r\n');
    expect(csvLine([""])).toBe('""\r\n');
  });

  it("reads back as it was written, whatever the cells hold", async () => {
    // NUL has no place in text, and a lone surrogate none in UTF-8.
    const cell = fc.string({ unit: "grapheme", maxLength: 12 }).map((s) => s.replace(/\0/g, ""));
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      );
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(",", ";", "\t", "|"), async (rows, delimiter) => {
        const kept = rows.filter((row) => row.some((c) => c.trim() !== ""));
        fc.pre(kept.length > 0);
        const header = csvLine(
          kept[0]!.map((_, i) => `Column ${i}`),
          delimiter,
        );
        const text = header + kept.map((row) => csvLine(row, delimiter)).join("");
        expect(await readBack(text, delimiter)).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });
});

describe("rows of COPY", () => {
  it("end with CRLF, while line breaks inside quotes stay, wherever the bytes are cut", async () => {
    const copied = 'a,b\n"x\ny",""\n"say ""hi""\n",z\n';
    const wanted = 'a,b\r\n"x\ny",""\r\n"say ""hi""\n",z\r\n';
    for (let cut = 0; cut <= copied.length; cut++) {
      expect(await convert([copied.slice(0, cut), copied.slice(cut)])).toEqual({ text: wanted, rows: 3 });
    }
  });

  it("are those that a reader of single bytes would find", async () => {
    const part = fc
      .array(fc.constantFrom('"', "\n", "a", ",", '""', "\r"), { maxLength: 12 })
      .map((all) => all.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (chunks) => {
        let quoted = false;
        let text = "";
        let rows = 0;
        for (const letter of chunks.join("")) {
          if (letter === '"') quoted = !quoted;
          const endsRow = letter === "\n" && !quoted;
          text += endsRow ? "\r\n" : letter;
          if (endsRow) rows++;
        }
        expect(await convert(chunks)).toEqual({ text, rows });
      }),
      { numRuns: 1_000 },
    );
  });
});
