/**
 * Reads a workbook of 1,000,000 rows × 8 columns, once with inline and once with shared strings, and prints CPU seconds,
 * peak memory and the ratio to inflating the same parts. Each measurement runs in a process of its own.
 *
 *   node --import tsx bench/xlsx-read.ts [rows]
 */
import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createInflateRaw } from "node:zlib";
import { ZipFile } from "yazl";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";
import { openArchive } from "@/lib/core/formats/xlsx/archive";
import { xlsxReader } from "@/lib/core/formats/xlsx/index";
import { ScratchFile } from "@/lib/platform/scratch-file";

type Strings = "inline" | "shared";

const COUNTRIES = [
  "Thailand",
  "Vietnam",
  "Japan",
  "South Korea",
  "Portugal",
  "Côte d'Ivoire",
  "Malaysia",
  "Peru",
];
const VISAS = ["tourist", "business", "visa-free", "student"];
const HEADER = [
  "Country",
  "Entry Date",
  "Exit Date",
  "Visa Type",
  "Max Days",
  "Passport Country",
  "Notes",
  "External ID",
];

function notes(i: number): string {
  if (i % 7 === 0) return `said "hello, world" on day ${i}\nthen left & came back`;
  if (i % 5 === 0) return `Ürümqi → 東京, trip no. ${i} 🎒`;
  return `A perfectly ordinary note about trip number ${i}, written by hand`;
}

/** Text cells of a row; the two dates and the number are number cells. */
function textCells(i: number): [number, string][] {
  return [
    [0, COUNTRIES[i % COUNTRIES.length] ?? ""],
    [3, VISAS[i % VISAS.length] ?? ""],
    [5, COUNTRIES[(i * 3) % COUNTRIES.length] ?? ""],
    [6, notes(i)],
    [7, `EXT-${String(i).padStart(9, "0")}`],
  ];
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function* sheetXml(rows: number, strings: Strings): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:H${rows + 1}"/><sheetData>`;
  const inline = (ref: string, text: string) =>
    `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
  const shared = sharedIndexes();
  const text = (ref: string, value: string) =>
    strings === "inline" ? inline(ref, value) : `<c r="${ref}" t="s"><v>${shared(value)}</v></c>`;
  yield `<row r="1">${HEADER.map((name, i) => inline(`${"ABCDEFGH"[i] ?? ""}1`, name)).join("")}</row>`;
  let piece = "";
  for (let i = 1; i <= rows; i++) {
    const r = i + 1;
    const cells = new Map(
      textCells(i).map(([column, value]) => [column, text(`${"ABCDEFGH"[column] ?? ""}${r}`, value)]),
    );
    const serial = 40_000 + (i % 5_000);
    cells.set(1, `<c r="B${r}" s="1"><v>${serial}</v></c>`);
    cells.set(2, `<c r="C${r}" s="1"><v>${serial + (i % 90)}</v></c>`);
    cells.set(4, `<c r="E${r}"><v>${[30, 60, 90][i % 3] ?? 0}</v></c>`);
    piece += `<row r="${r}">`;
    for (let column = 0; column < 8; column++) piece += cells.get(column) ?? "";
    piece += "</row>";
    if (piece.length > 1 << 18) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sheetData></worksheet>`;
}

/** Repeated texts by value, all others numbered as they come, in the order sharedXml writes them. */
function sharedIndexes(): (value: string) => number {
  const repeated = new Map([...COUNTRIES, ...VISAS].map((value, i) => [value, i]));
  let next = repeated.size;
  return (value) => repeated.get(value) ?? next++;
}

function* sharedXml(rows: number): Generator<string> {
  yield `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`;
  const repeated = new Set([...COUNTRIES, ...VISAS]);
  let piece = "";
  for (const value of repeated) piece += `<si><t>${escape(value)}</t></si>`;
  for (let i = 1; i <= rows; i++) {
    for (const [, value] of textCells(i))
      if (!repeated.has(value)) piece += `<si><t>${escape(value)}</t></si>`;
    if (piece.length > 1 << 18) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sst>`;
}

const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

async function writeWorkbook(path: string, rows: number, strings: Strings) {
  const zip = new ZipFile();
  const add = (name: string, xml: string) => zip.addBuffer(Buffer.from(xml), name);
  const relationship = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`;
  add(
    "_rels/.rels",
    `<Relationships xmlns="${PACKAGE}">${relationship("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
  );
  add(
    "xl/workbook.xml",
    `<workbook xmlns:r="${RELATIONSHIPS}"><sheets><sheet name="Trips" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  );
  add(
    "xl/_rels/workbook.xml.rels",
    `<Relationships xmlns="${PACKAGE}">${relationship("rId1", "worksheet", "worksheets/sheet1.xml")}${relationship("rId2", "styles", "styles.xml")}${relationship("rId3", "sharedStrings", "sharedStrings.xml")}</Relationships>`,
  );
  add("xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`);
  const stream = (xml: Generator<string>) => Readable.from(xml, { objectMode: true, highWaterMark: 4 });
  zip.addReadStream(bytes(stream(sheetXml(rows, strings))), "xl/worksheets/sheet1.xml", {
    compressionLevel: 6,
  });
  if (strings === "shared") zip.addReadStream(bytes(stream(sharedXml(rows))), "xl/sharedStrings.xml");
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
}

function bytes(strings: Readable): Readable {
  return Readable.from(
    (async function* () {
      for await (const piece of strings as AsyncIterable<string>) yield Buffer.from(piece);
    })(),
  );
}

function fileSource(path: string): ByteSource {
  const fd = openSync(path, "r");
  const size = statSync(path).size;
  return {
    size,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *stream(start = 0, end = size) {
      for (let at = start; at < end;) {
        const chunk = Buffer.allocUnsafe(Math.min(1 << 16, end - at));
        at += readSync(fd, chunk, 0, chunk.length, at);
        yield chunk;
      }
    },
  };
}

async function readAll(path: string) {
  const file = fileSource(path);
  const detection = await xlsxReader.detect(file, {}, DEFAULT_READ_LIMITS, 100);
  const scratch = new ScratchFile(join(tmpdir(), "ferry-bench"));
  let cells = 0;
  let rows = 0;
  for await (const batch of xlsxReader.read(file, detection, DEFAULT_READ_LIMITS, scratch)) {
    rows += batch.rows.length;
    for (const row of batch.rows) cells += row.length;
  }
  scratch.close();
  return `${rows} rows, ${cells} cells`;
}

async function inflateOnly(path: string) {
  const file = fileSource(path);
  const archive = await openArchive(file, DEFAULT_READ_LIMITS);
  let total = 0;
  for (const entry of archive.entries) {
    const start = entry.headerStart + 30 + entry.name.length;
    const inflate = createInflateRaw({ chunkSize: 1 << 18 });
    Readable.from(file.stream(start, start + entry.compressedSize)).pipe(inflate);
    for await (const chunk of inflate as AsyncIterable<Buffer>) total += chunk.length;
  }
  return `${(total / 1e6).toFixed(0)} MB`;
}

async function measured(task: string, path: string) {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await (task === "inflate" ? inflateOnly(path) : readAll(path));
  const cpu = process.cpuUsage(before);
  const figures = {
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    wallSeconds: (performance.now() - started) / 1e3,
    rssPeakMb: process.resourceUsage().maxRSS / 1024,
    result,
  };
  console.log(JSON.stringify(figures));
}

interface Figures {
  cpuSeconds: number;
  wallSeconds: number;
  rssPeakMb: number;
  result: string;
}

function inProcess(task: string, path: string): Figures {
  const run = spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), task, path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(run.stdout) as Figures;
}

async function main() {
  const [task = "1000000", path] = process.argv.slice(2);
  if (path !== undefined) return measured(task, path);
  const rows = Number(task);
  const folder = join(tmpdir(), "ferry-bench");
  mkdirSync(folder, { recursive: true });
  for (const strings of ["inline", "shared"] as const) {
    const file = join(folder, `xlsx-${strings}-${rows}.xlsx`);
    if (!existsSync(file)) await writeWorkbook(file, rows, strings);
    const inflate = inProcess("inflate", file);
    const read = inProcess("read", file);
    const line = (name: string, f: Figures) =>
      `${name.padEnd(16)} CPU ${f.cpuSeconds.toFixed(2)} s  wall ${f.wallSeconds.toFixed(2)} s  peak RSS ${f.rssPeakMb.toFixed(0)} MB  ${f.result}`;
    console.log(line(`${strings} inflate`, inflate));
    console.log(
      `${line(`${strings} read`, read)}  ${(read.cpuSeconds / inflate.cpuSeconds).toFixed(2)} × inflate`,
    );
  }
}

await main();
