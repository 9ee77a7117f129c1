import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS, FileProblem, type ByteSource, type ReadLimits } from "@/lib/core/formats/types";
import { csvReader } from ".";
import { memorySource } from "./testing/memory-source";

async function readAll(file: ByteSource, limits: ReadLimits = DEFAULT_READ_LIMITS) {
  const detection = await csvReader.detect(file, {}, limits, 20);
  const rows: string[][] = [];
  try {
    for await (const batch of csvReader.read(file, detection, limits)) {
      expect(batch.firstRow).toBe(rows.length + 1);
      rows.push(...batch.rows);
    }
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { detection, rows, problem: { code: error.code, ...error.where } };
  }
  return { detection, rows, problem: undefined };
}

describe("reading a CSV file", () => {
  it.each(["utf-8", "utf-16le", "utf-16be", "shift_jis", "gb18030", "euc-jp"])(
    "reads %s in chunks of any size",
    async (encoding) => {
      const text = '名前,都市,数\r\n太郎,"東京, 日本",1\r\n花子,大阪,2\r\n次郎,京都,3\r\n';
      for (const chunkBytes of [1, 2, 3, 5, 7, 64]) {
        const { detection, rows } = await readAll(memorySource(iconv.encode(text, encoding), chunkBytes));
        expect(detection.source.encoding).toBe(encoding);
        expect(rows).toEqual([
          ["太郎", "東京, 日本", "1"],
          ["花子", "大阪", "2"],
          ["次郎", "京都", "3"],
        ]);
      }
    },
  );

  it("estimates the rows of a large file and counts those of a small one", async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${100_000 + i},name ${100_000 + i},2024-01-01`);
    const large = await readAll(memorySource("id,name,date\n" + lines.join("\n") + "\n"));
    expect(large.rows).toHaveLength(40_000);
    expect(large.detection.rowEstimateExact).toBe(false);
    expect(Math.abs(large.detection.rowEstimate - 40_000)).toBeLessThan(100);
    const small = await readAll(memorySource("id,name\n1,a\n\n2,b\n"));
    expect(small.detection).toMatchObject({ rowEstimate: 2, rowEstimateExact: true, headerRows: 1 });
  });

  it("recovers from a stray quote and names one that cannot be mended", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i},text ${i},x`);
    lines[2500] = '2500,"text,x';
    const mended = await readAll(memorySource("id,text,more\n" + lines.join("\n")));
    expect(mended.problem).toBeUndefined();
    expect(mended.rows).toHaveLength(5000);
    expect(mended.rows[2500]).toEqual(["2500", '"text', "x"]);
    const column = "word\n" + "same\n".repeat(2000) + '"open\n' + "same\n".repeat(10);
    const broken = await readAll(memorySource(column.replace("same", '"quoted"')));
    expect(broken.rows).toHaveLength(2000);
    expect(broken.problem).toEqual({ code: "unclosed-quote", row: 2001, byte: 5 + 4 + 2000 * 5 });
  });

  it("stops at each limit with its own problem", async () => {
    const table = "a,b\n1,2\n3,4\n5,6\n";
    const rows = await readAll(memorySource(table), { ...DEFAULT_READ_LIMITS, rowsMax: 2 });
    expect(rows).toMatchObject({
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
      problem: { code: "too-many-rows", row: 3 },
    });
    const wide = memorySource(Array.from({ length: 5000 }, (_, i) => `c${i}`).join(",") + "\n");
    await expect(readAll(wide)).rejects.toThrow();
    await expect(csvReader.detect(wide, {}, DEFAULT_READ_LIMITS, 10)).rejects.toMatchObject({
      code: "too-many-columns",
    });
    const cell = await readAll(memorySource(`a,b\n1,2\n3,"${"x".repeat(12_000_000)}"\n`));
    expect(cell).toMatchObject({ rows: [["1", "2"]], problem: { code: "cell-too-long", row: 2, byte: 10 } });
  });

  it("leaves a few NUL characters out and refuses a file full of them", async () => {
    const { rows, detection } = await readAll(
      memorySource("id,name,city\n1,An\0na,Paris and around it\n2,Bob,Berlin\n" + "3,C,D\n".repeat(30)),
    );
    expect(rows[0]).toEqual(["1", "Anna", "Paris and around it"]);
    expect(detection.evidence.join(" ")).toContain("1 zero bytes");
    const full = memorySource(
      Buffer.concat([Buffer.from("id,name\n"), Buffer.alloc(200), Buffer.from("1,2\n")]),
    );
    await expect(csvReader.detect(full, {}, DEFAULT_READ_LIMITS, 10)).rejects.toMatchObject({
      code: "nul-bytes",
    });
  });

  it.each([
    ["nothing", "", "empty-file"],
    ["blanks", " \r\n \n", "empty-file"],
    ["a byte order mark", "\uFEFF", "empty-file"],
    ["a PDF", "%PDF-1.7 …", "unsupported-format"],
    ["a workbook", "PK\u0003\u0004…", "unsupported-format"],
  ])("refuses %s by name", async (_, content, code) => {
    await expect(csvReader.detect(memorySource(content), {}, DEFAULT_READ_LIMITS, 10)).rejects.toMatchObject({
      code,
    });
  });

  it("hands over the rows before bytes that are no text in the encoding", async () => {
    const line = iconv.encode("太郎です,東京,1\n", "shift_jis");
    const damaged = Buffer.concat([...Array<Buffer>(500).fill(line), Buffer.from([0xff, 0xff, 0x0a]), line]);
    const { rows, problem, detection } = await readAll(memorySource(damaged));
    expect(detection.source.encoding).toBe("shift_jis");
    expect(problem).toMatchObject({ code: "wrong-encoding", byte: line.length * 500 });
    expect(rows.length).toBeLessThanOrEqual(500);
  });

  it("hands over the rows before a file that breaks off", async () => {
    const text = Buffer.from("id,name\n" + "1,a\n".repeat(100_000));
    const whole = memorySource(text);
    const detection = await csvReader.detect(whole, {}, DEFAULT_READ_LIMITS, 10);
    const broken: ByteSource = {
      size: text.length,
      async *stream(start = 0) {
        yield* whole.stream(start, 200_000);
        throw new Error("gone");
      },
    };
    let rows = 0;
    const reading = async () => {
      for await (const batch of csvReader.read(broken, detection, DEFAULT_READ_LIMITS))
        rows += batch.rows.length;
    };
    await expect(reading()).rejects.toThrow("gone");
    expect(rows).toBe((200_000 - 8) / 4);
  });
});
