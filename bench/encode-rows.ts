/**
 * How fast raw rows become JSON for COPY: 1,000,000 rows of 8 columns into the Trips template plus a reference.
 * Run: npx tsx bench/encode-rows.ts [rows]. Goal: at most 2 CPU seconds a million.
 */
import { compileRowEncoder } from "@/lib/core/mapping/row-encoder";
import type { Field } from "@/lib/core/fields/types";
import { TRIPS } from "@/lib/core/templates/trips";

const rowCount = Number(process.argv[2] ?? 1_000_000);
const COUNTRIES = ["Vietnam", "Thailand", "JP", "South Korea", "Deutschland", "France", "Italy", "Türkiye"];
const VISAS = ["tourist", "business", "e-visa", "visa-free"];
const reference: Field = { name: "ref", label: "Ref", type: "text", required: false };
const fields = [...TRIPS.fields, reference];

function date(day: number): string {
  return new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
}

/** Rows as the CSV reader gives them: slices of one larger text. */
function batch(first: number, count: number): string[][] {
  const lines: string[] = [];
  for (let row = first; row < first + count; row++) {
    const note = row % 5 === 0 ? `said "hi" to №${row} — 東京` : `stay number ${row} near the station`;
    const cells = [COUNTRIES[row % 8], date(row % 9000), row % 7 === 0 ? "" : date((row % 9000) + 12)];
    lines.push(
      [...cells, VISAS[row % 4], String(30 + (row % 60)), COUNTRIES[(row * 3) % 8], note, `T-${row}`].join(
        "\t",
      ),
    );
  }
  return lines
    .join("\n")
    .split("\n")
    .map((line) => line.split("\t"));
}

const shape = {
  fields,
  columnIndexes: fields.map((_, index) => index),
  columnCount: fields.length,
  options: {},
};
const encoder = compileRowEncoder(shape);
let cpuMicroseconds = 0;
let plainCpuMicroseconds = 0;
let jsonChars = 0;
for (let first = 0; first < rowCount; first += 10_000) {
  const rows = batch(first, Math.min(10_000, rowCount - first));
  const before = process.cpuUsage();
  for (const row of rows) jsonChars += encoder.encode(row)?.length ?? 0;
  const used = process.cpuUsage(before);
  cpuMicroseconds += used.user + used.system;
  // The yardstick: the same rows as arrays of text, neither typed nor checked.
  const beforePlain = process.cpuUsage();
  for (const row of rows) jsonChars += JSON.stringify(row).length;
  const usedPlain = process.cpuUsage(beforePlain);
  plainCpuMicroseconds += usedPlain.user + usedPlain.system;
}
const cpuSeconds = cpuMicroseconds / 1e6;
const stringifyCpuSeconds = plainCpuMicroseconds / 1e6;
const rssBytes = process.memoryUsage.rss();
const corrections = encoder.corrections();
console.log(
  JSON.stringify({ rows: rowCount, cpuSeconds, stringifyCpuSeconds, jsonChars, rssBytes, corrections }),
);
