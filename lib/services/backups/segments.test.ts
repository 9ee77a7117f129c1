import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineReader } from "@/lib/services/backups/line-reader";
import { Segments } from "@/lib/services/backups/segments";

const PART_BYTES = 4 * 1024 * 1024;
/** A line that is larger than a part, and what is read at once. */
const LONG = 9 * 1024 * 1024;
const PIECE = 200_000;

async function* cut(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const to of [...new Set([...ends.filter((at) => at < bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  )) {
    yield await Promise.resolve(bytes.subarray(from, to));
    from = to;
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

const text = fc.array(
  fc.string({ maxLength: 12 }).map((line) => `${line.replaceAll("\n", " ")}\n`),
  { maxLength: 30 },
);
const ends = fc.array(fc.nat(400), { maxLength: 30 });

describe("cutting lines into parts", () => {
  it("keeps every byte, whole lines and their count, and leaves a part alone while the next one is made", async () => {
    const lines = Array.from({ length: 90_000 }, (_, n) => `${n} ${"x".repeat((n * 7) % 300)}\n`);
    lines.splice(50_000, 0, `${"y".repeat(LONG)}\n`, "after\n");
    const bytes = Buffer.from(lines.join(""));
    const pieces = Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, n) => n * PIECE);
    const segments = new Segments();
    const seen: Buffer[] = [];
    let count = 0;
    let previous: { bytes: Buffer; copy: Buffer } | undefined;
    for await (const part of segments.cut(cut(bytes, pieces), { kind: "collections" })) {
      if (previous) expect(previous.bytes.equals(previous.copy)).toBe(true);
      expect(part.bytes.at(-1)).toBe(0x0a);
      expect(part.bytes.length).toBeLessThanOrEqual(part.count > 10_000 ? PART_BYTES : LONG + PIECE);
      previous = { bytes: part.bytes, copy: Buffer.from(part.bytes) };
      seen.push(previous.copy);
      count += part.count;
    }
    expect(Buffer.concat(seen).equals(bytes)).toBe(true);
    expect(count).toBe(lines.length);
  });
});

describe("reading lines", () => {
  it("takes as many as were asked for, and the rest, wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(text, ends, fc.array(fc.nat(8), { maxLength: 6 }), async (lines, at, counts) => {
        const reader = new LineReader(cut(Buffer.from(lines.join("")), at));
        let from = 0;
        for (const count of counts) {
          const taken = await collect(reader.take(count));
          expect(taken.toString()).toBe(lines.slice(from, from + count).join(""));
          from += count;
        }
        expect((await collect(reader.rest())).toString()).toBe(lines.slice(from).join(""));
      }),
    );
  });
});
