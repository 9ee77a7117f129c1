import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const COUNTRIES = ["Thailand", "Vietnam", "Japan", "South Korea", "Portugal", "Malaysia", "Peru", "Laos"];
const VISAS = ["tourist", "business", "visa-free", "student"];

/** A file of so many trips, made once. */
export async function csvFile(count: number): Promise<string> {
  const folder = path.join(tmpdir(), "ferry-bench-files");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `trips-${count}.csv`);
  if (existsSync(file) && statSync(file).size > 0) return file;
  function* lines() {
    yield "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes,External ID\n";
    let text = "";
    for (let i = 0; i < count; i++) {
      text += line(i);
      if (text.length < 256 * 1024) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await pipeline(Readable.from(lines()), createWriteStream(`${file}.part`));
  renameSync(`${file}.part`, file);
  return file;
}

function line(i: number): string {
  const day = (n: number) => new Date(Date.UTC(2000, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
  const entry = i % 9_000;
  const notes =
    i % 7 === 0
      ? `"said ""hello, world"" on day ${i}\nthen left & came back"`
      : i % 5 === 0
        ? `"Ürümqi → 東京, trip no. ${i}"`
        : `A perfectly ordinary note about trip number ${i}`;
  return `${COUNTRIES[i % 8]!},${day(entry)},${day(entry + (i % 90))},${VISAS[i % 4]!},${30 + (i % 60)},${COUNTRIES[(i * 3) % 8]!},${notes},EXT-${String(i).padStart(9, "0")}\n`;
}
