import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScratchFile } from "@/lib/platform/scratch-file";
import { tmpdir } from "node:os";
import type { Scratch } from "../types";
import { ReadStop } from "../read-stop";
import { DEFAULT_READ_LIMITS } from "../types";
import { memorySource } from "../csv/testing/memory-source";
import { xlsxReader } from "./index";
import { SharedStrings } from "./shared-strings";
import { escapeXml, oneSheet } from "./testing/workbook-file";
import { TEXT_PAGE_BYTES, TextPages } from "./text-pages";

/** A scratch that holds its pages in memory and counts what is read back. */
function memoryScratch(): Scratch & { pages: Uint8Array[]; reads: number } {
  const pages: Uint8Array[] = [];
  return {
    pages,
    reads: 0,
    append: (page) => void pages.push(Uint8Array.from(page)),
    read(page, into) {
      this.reads++;
      into.set(pages[page]!);
    },
  };
}

function appended(pages: TextPages, texts: readonly string[]): { start: number; end: number }[] {
  return texts.map((text) => {
    const start = pages.size;
    const bytes = Buffer.from(`##${text}#`);
    pages.append(bytes, 2, bytes.length - 1);
    return { start, end: pages.size };
  });
}

const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);

/** Texts of very different lengths: empty, usual, as long as a page or a few. */
const texts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("a", "ü", "東", "🎒", "ab"), fc.integer({ min: 0, max: 3 * TEXT_PAGE_BYTES }))
        .map(([unit, times]) => unit.repeat(times)),
    },
  ),
  { minLength: 1, maxLength: 40 },
);

describe("text pages", () => {
  it("give back every text in any order, however few pages stay in memory", () => {
    const property = fc.property(
      texts,
      fc.array(fc.nat(), { maxLength: 80 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 1, max: 2 }),
      (all, order, pinnedPages, framePages) => {
        const pages = new TextPages(memoryScratch(), { pinnedPages, framePages });
        const places = appended(pages, all);
        for (const pick of [...order, ...all.keys()]) {
          const index = pick % all.length;
          const { start, end } = places[index]!;
          expect(pages.text(start, end, isAscii(all[index]!))).toBe(all[index]);
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  }, 60_000);

  it("keep a character whole whose bytes lie on two pages", () => {
    for (const character of ["ü", "東", "🎒"]) {
      for (let before = 1; before <= Buffer.byteLength(character); before++) {
        const pages = new TextPages(memoryScratch(), { pinnedPages: 0, framePages: 1 });
        const fill = "x".repeat(TEXT_PAGE_BYTES - before);
        const [, place] = appended(pages, [fill, `${character}!`]);
        appended(pages, ["y".repeat(3 * TEXT_PAGE_BYTES)]);
        expect(pages.text(place!.start, place!.end, false)).toBe(`${character}!`);
      }
    }
  });

  it("leave the scratch alone as long as there is little, and read each page once when texts come in order", () => {
    const small = memoryScratch();
    appended(new TextPages(small), ["x".repeat(4 << 20)]);
    expect(small.pages).toHaveLength(0);

    const scratch = memoryScratch();
    const pages = new TextPages(scratch, { pinnedPages: 2, framePages: 4 });
    const all = Array.from({ length: 5_000 }, (_, i) => `text number ${i} `.repeat(3));
    const places = appended(pages, all);
    for (const [i, { start, end }] of places.entries()) expect(pages.text(start, end, true)).toBe(all[i]);
    expect(scratch.pages.length).toBeGreaterThan(5);
    expect(scratch.reads).toBe(scratch.pages.length);
  });

  it("refuse more than a gibibyte", () => {
    const pages = new TextPages({ append: () => undefined, read: () => undefined });
    const bytes = Buffer.alloc(1 << 28);
    for (let i = 0; i < 4; i++) pages.append(bytes, 0, bytes.length);
    expect(() => appended(pages, ["x".repeat(TEXT_PAGE_BYTES)])).toThrow(ReadStop);
  });
});

describe("shared strings with a scratch file", () => {
  it("are those of the workbook, asked for again and again", () => {
    const strings = new SharedStrings(1_000_000, new ScratchFile(tmpdir()));
    const all = Array.from({ length: 120_000 }, (_, i) =>
      i % 9 === 0 ? "" : i % 7 === 0 ? `Ürümqi → 東京 ${i} 🎒` : `a note about number ${i}, some words long`,
    );
    const xml = `<sst>${all.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`;
    const bytes = Buffer.from(`${xml}<${" ".repeat(16)}`);
    strings.scan(bytes, bytes.length - 17);
    expect(strings.count).toBe(all.length);
    for (const step of [1, 1, 7_919, 104_729]) {
      for (let i = 0, at = 0; i < 20_000; i++, at = (at + step) % all.length) {
        if (strings.at(at) !== all[at]) expect(strings.at(at)).toBe(all[at]);
      }
    }
    expect(strings.at(all.length)).toBeUndefined();
  });

  it("make no difference to the rows", async () => {
    const notes = Array.from({ length: 3_000 }, (_, i) => `${i} "quoted" & <näh> `.repeat((i % 200) + 1));
    const file = memorySource(
      await oneSheet(
        notes
          .map((_, i) => `<row><c t="s"><v>${(i * 7) % notes.length}</v></c><c><v>${i}</v></c></row>`)
          .join(""),
        { sharedStrings: notes.map((note) => `<si><t>${escapeXml(note)}</t></si>`).join("") },
      ),
    );
    const detection = await xlsxReader.detect(file, { headerRow: 0 }, DEFAULT_READ_LIMITS, 10);
    const scratch = new ScratchFile(tmpdir());
    const rows: string[][] = [];
    for await (const batch of xlsxReader.read(file, detection, DEFAULT_READ_LIMITS, scratch)) {
      rows.push(...batch.rows);
    }
    scratch.close();
    expect(rows).toHaveLength(notes.length);
    const wrong = rows.findIndex(([note, i]) => note !== notes[(Number(i) * 7) % notes.length]);
    expect(wrong).toBe(-1);
  });
});
