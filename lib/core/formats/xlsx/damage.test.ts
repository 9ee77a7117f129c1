import { describe, expect, it } from "vitest";
import { DEFAULT_READ_LIMITS, FileProblem, type ByteSource } from "../types";
import { memorySource } from "../csv/testing/memory-source";
import { xlsxReader } from "./index";
import { problemOf, readAll, type ReadResult } from "./testing/read-all";
import { oneSheet, workbookFile, workbookParts, zipOf } from "./testing/workbook-file";

const sharedStrings = ["Country", "Date", "Japan", "Peru"].map((text) => `<si><t>${text}</t></si>`).join("");
const line = (i: number) =>
  `<row r="${i + 2}"><c r="A${i + 2}" t="s"><v>${2 + (i % 2)}</v></c><c r="B${i + 2}" s="1"><v>${45_000 + i}</v></c></row>`;
const data = `<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>${Array.from({ length: 40 }, (_, i) => line(i)).join("")}`;
const good = { sheets: [{ name: "Trips", data }], sharedStrings, formats: [0, 14] };

/** Reads damaged bytes: rows that are right, then a problem with words, or a problem at once. */
async function readDamaged(bytes: Uint8Array, whole: string[][]): Promise<ReadResult | FileProblem> {
  try {
    const result = await readAll(xlsxReader, bytes, { headerRow: 1 });
    expect(result.rows).toEqual(whole.slice(0, result.rows.length));
    if (result.rows.length < whole.length) expect(result.problem).toBeInstanceOf(FileProblem);
    return result;
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return error;
  }
}

describe("damaged files", () => {
  it("gives right rows or a clear problem when cut off at any byte, whatever the order of the parts", async () => {
    const parts = [...workbookParts(good)];
    const orders = [parts, [...parts].reverse(), [...parts.slice(0, 4), ...parts.slice(4).reverse()]];
    for (const [offset, order] of orders.entries()) {
      const file = await zipOf(order);
      const whole = (await readAll(xlsxReader, file, { headerRow: 1 })).rows;
      expect(whole).toHaveLength(40);
      let someRows = 0;
      for (let cut = offset; cut < file.length; cut += 11) {
        const result = await readDamaged(file.subarray(0, cut), whole);
        if (!(result instanceof FileProblem) && result.rows.length > 0) someRows++;
      }
      expect(someRows).toBeGreaterThan(5);
    }
  }, 60_000);

  it("gives right rows or a clear problem when any byte is changed", async () => {
    for (const compress of [true, false]) {
      const file = await zipOf(workbookParts(good), { compress });
      const whole = (await readAll(xlsxReader, file, { headerRow: 1 })).rows;
      for (let at = 0; at < file.length; at += compress ? 9 : 41) {
        const bytes = Buffer.from(file);
        bytes[at] = (bytes[at] ?? 0) ^ 0x55;
        const result = await readAll(xlsxReader, bytes, { headerRow: 1 }).catch((error: unknown) => {
          if (error instanceof FileProblem) return undefined;
          throw error;
        });
        if (!result?.problem) expect(result?.rows ?? whole).toEqual(whole);
      }
    }
  }, 60_000);

  it("delivers the rows before the damage and says where it is", async () => {
    const parts = workbookParts(good);
    const sheet = parts.get("xl/worksheets/sheet1.xml") ?? "";
    parts.set("xl/worksheets/sheet1.xml", sheet.slice(0, sheet.indexOf('<row r="20">') + 30));
    const { rows, problem } = await readAll(xlsxReader, await zipOf(parts));
    expect(rows).toHaveLength(18);
    expect(problem).toMatchObject({ code: "archive-damaged", where: { sheet: "Trips", row: 19 } });
    expect(problem?.message).toContain('row 20 of sheet "Trips"');
  });

  it("finds the parts of a file cut off behind them, also where their sizes stand behind the data", async () => {
    const file = await zipOf(workbookParts(good), { streamed: true });
    const whole = (await readAll(xlsxReader, file, { headerRow: 1 })).rows;
    const directory = file.indexOf("PK\x01\x02");
    const { rows, problem, detection } = await readAll(xlsxReader, file.subarray(0, directory + 10), {
      headerRow: 1,
    });
    expect(problem).toBeUndefined();
    expect(rows).toEqual(whole);
    expect(detection.evidence.join(" ")).toContain("cut off");
    for (let cut = 5; cut < file.length; cut += 53) await readDamaged(file.subarray(0, cut), whole);
  });

  it("tells lost styles instead of turning dates into numbers", async () => {
    const parts = workbookParts(good);
    parts.delete("xl/styles.xml");
    expect(await problemOf(xlsxReader, await zipOf(parts), { headerRow: 1 })).toMatchObject({
      code: "archive-damaged",
    });
  });

  it("tells a sheet whose part is missing, and a text that is missing", async () => {
    const parts = workbookParts(good);
    parts.delete("xl/worksheets/sheet1.xml");
    expect(await problemOf(xlsxReader, await zipOf(parts))).toMatchObject({ code: "archive-damaged" });
    const missing = await oneSheet('<row><c t="s"><v>7</v></c></row>', { sharedStrings });
    expect(await problemOf(xlsxReader, missing, { headerRow: 0 })).toMatchObject({ code: "archive-damaged" });
  });

  it("tells a file that shrinks while it is read", async () => {
    const file = await zipOf(workbookParts(good), { compress: false });
    const detection = await xlsxReader.detect(memorySource(file), {}, DEFAULT_READ_LIMITS, 5);
    const cut = file.length - 3_000;
    const shrunk: ByteSource = {
      size: file.length,
      async *stream(start = 0, end = file.length) {
        if (start >= 0 && end < cut + 2_000) yield* memorySource(file).stream(start, end);
        else if (start > cut) yield* memorySource(file).stream(start, end);
        else {
          yield* memorySource(file).stream(start, cut);
          throw Object.assign(new Error("shorter"), { name: "SourceTruncatedError" });
        }
      },
    };
    const read = async () => {
      for await (const _ of xlsxReader.read(shrunk, detection, DEFAULT_READ_LIMITS));
    };
    await expect(read()).rejects.toBeInstanceOf(FileProblem);
  });
});

describe("limits", () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

  it("stops a cell that is too long, also one without end", async () => {
    const long = await oneSheet(`<row>${cell("ok")}</row><row>${cell("x".repeat(500))}</row>`);
    const { rows, problem } = await readAll(xlsxReader, long, { headerRow: 0 }, { cellCharsMax: 400 }).catch(
      (error: unknown) => ({ rows: [], problem: error as FileProblem }),
    );
    expect(problem).toMatchObject({ code: "cell-too-long" });
    expect(rows.length).toBeLessThanOrEqual(1);
    const endless = await oneSheet(`<row>${cell("x".repeat(3_000_000))}</row>`);
    expect(await problemOf(xlsxReader, endless, {}, { cellCharsMax: 1_000 })).toMatchObject({
      code: "cell-too-long",
    });
  });

  it("stops at too many columns and rows", async () => {
    const wide = await oneSheet(`<row><c r="ALM1"><v>1</v></c></row>`);
    expect(await problemOf(xlsxReader, wide, {}, { columnsMax: 1_000 })).toMatchObject({
      code: "too-many-columns",
    });
    const { rows, problem } = await readAll(xlsxReader, await workbookFile(good), {}, { rowsMax: 30 });
    expect(rows).toHaveLength(30);
    expect(problem).toMatchObject({ code: "too-many-rows", where: { row: 31 } });
  });

  it("refuses archives that unpack to too much, hold too many entries, or are locked", async () => {
    const bomb = await oneSheet(`<row>${cell(" ".repeat(6_000_000))}</row>`);
    expect(await problemOf(xlsxReader, bomb)).toMatchObject({ code: "archive-too-large" });
    const file = await workbookFile(good);
    expect(await problemOf(xlsxReader, file, {}, { archiveBytesMax: 1_000 })).toMatchObject({
      code: "archive-too-large",
    });
    expect(await problemOf(xlsxReader, file, {}, { archiveEntriesMax: 3 })).toMatchObject({
      code: "archive-too-large",
    });
    const locked = Buffer.from(file);
    for (let at = locked.indexOf("PK\x01\x02"); at !== -1; at = locked.indexOf("PK\x01\x02", at + 1)) {
      locked.writeUInt16LE(locked.readUInt16LE(at + 8) | 1, at + 8);
    }
    expect(await problemOf(xlsxReader, locked)).toMatchObject({ code: "archive-encrypted" });
  });
});

describe("other files", () => {
  it("names what is no workbook", async () => {
    const ole = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1_000)]);
    const locked = Buffer.concat([ole, Buffer.from("EncryptedPackage", "utf16le")]);
    const xlsb = await zipOf([["xl/workbook.bin", "x"]]);
    const ods = await zipOf([["mimetype", "application/vnd.oasis.opendocument.spreadsheet"]], {
      compress: false,
    });
    const other = await zipOf([["photo.jpg", "x"]]);
    expect(await problemOf(xlsxReader, ole)).toMatchObject({ code: "unsupported-format" });
    expect(await problemOf(xlsxReader, locked)).toMatchObject({ code: "archive-encrypted" });
    expect((await problemOf(xlsxReader, xlsb))?.message).toContain(".xlsb");
    expect((await problemOf(xlsxReader, ods))?.message).toContain(".ods");
    expect(await problemOf(xlsxReader, other)).toMatchObject({ code: "unsupported-format" });
    expect(await problemOf(xlsxReader, Buffer.alloc(0))).toMatchObject({ code: "empty-file" });
    expect(xlsxReader.sniff(xlsb)).toBe(true);
    expect(xlsxReader.sniff(Buffer.from("PK,name\n1,2\n"))).toBe(false);
  });
});
