/**
 * npm run bench csv-parse
 *
 * Rows per CPU second of the CSV reader over a generated file of 1,000,000 rows × 8 columns (a country, two dates, a
 * visa type, a number, a passport country, notes with quotes, commas, line ends and Unicode, an id), against reading
 * and decoding the same bytes only, in the same run.
 */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { csvReader } from "@/lib/core/formats/csv";
import { decodeFile } from "@/lib/core/formats/encoding/text";
import { DEFAULT_READ_LIMITS, type ByteSource } from "@/lib/core/formats/types";

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const COUNTRIES = ["France", "Viet Nam", "South Korea", "Germany", "Thailand", "Côte d'Ivoire"];
const VISAS = ["tourist", "business", "visa-free", "student"];

async function generate(path: string): Promise<void> {
  const out = createWriteStream(path);
  let text = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes,External Id\r\n";
  for (let row = 0; row < ROWS; row++) {
    const day = String((row % 28) + 1).padStart(2, "0");
    const country = COUNTRIES[row % COUNTRIES.length] ?? "";
    const note =
      row % 3 === 0
        ? `"Said ""hello, ${country}"" – day ${row}\nand left"`
        : `a plain note of the trip ${row}`;
    text += `${country},2024-01-${day},2024-02-${day},${VISAS[row % VISAS.length] ?? ""},${row % 90},Viet Nam,${note},trip-${row}\r\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, "drain");
      text = "";
    }
  }
  out.end(text);
  await once(out, "close");
}

async function openSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return {
    size,
    stream: (start = 0, end = size) =>
      createReadStream(path, {
        start,
        end: Math.max(start, end - 1),
        highWaterMark: 256 * 1024,
      }) as AsyncIterable<Buffer>,
  };
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function main(): Promise<void> {
  const folder = process.env.BENCH_DIR ?? (await mkdtemp(join(tmpdir(), "ferry-bench-")));
  const path = join(folder, `trips-${ROWS}.csv`);
  if (!existsSync(path)) await generate(path);
  const file = await openSource(path);
  const detection = await csvReader.detect(file, {}, DEFAULT_READ_LIMITS, 100);

  for (let round = 1; round <= 3; round++) {
    let characters = 0;
    const decode = await cpuSeconds(async () => {
      for await (const piece of decodeFile(file, "utf-8")) characters += piece.text.length;
    });
    let rows = 0;
    let cells = 0;
    const parse = await cpuSeconds(async () => {
      for await (const batch of csvReader.read(file, detection, DEFAULT_READ_LIMITS)) {
        rows += batch.rows.length;
        for (const row of batch.rows) cells += row.length;
      }
    });
    if (rows !== ROWS || cells !== ROWS * 8)
      throw new Error(`Read ${rows} rows and ${cells} cells of ${ROWS} rows.`);
    const rss = Math.round(process.memoryUsage.rss() / 1e6);
    console.log(
      `round ${round}: ${Math.round(rows / parse / 1000)}k rows per CPU s; ${parse.toFixed(2)} s, ` +
        `read + decode ${decode.toFixed(2)} s (${characters} characters), ratio ${(parse / decode).toFixed(1)}, RSS ${rss} MB`,
    );
  }
  if (process.env.BENCH_DIR === undefined) await rm(folder, { recursive: true });
}

await main();
