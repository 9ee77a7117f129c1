import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dialect } from "./dialect";
import { CsvTokenizer } from "./tokenizer";
import { TokenizerFault } from "./tokenizer-options";
import { writeRows, type Quoting } from "./testing/write-dialect";

const LIMITS = { columnsMax: 2000, cellCharsMax: 10_000_000 };
const USUAL: Dialect = { delimiter: ",", quote: '"', escape: "" };

function read(pieces: string[], dialect: Dialect, expectedColumns = 0, limits = LIMITS): string[][] {
  const tokenizer = new CsvTokenizer(dialect, { limits, expectedColumns, keepBlankRows: 0 });
  const rows: string[][] = [];
  for (const piece of pieces) tokenizer.push(piece, false, rows);
  tokenizer.push("", true, rows);
  return rows;
}

const dialects = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|", " ", "::", ", ", "\u0001"),
  quote: fc.constantFrom('"', "'"),
  escape: fc.constantFrom("", "", "\\", "\0"),
});
const cells = fc.oneof(
  fc.string({
    maxLength: 8,
    unit: fc.constantFrom("a", "é", "名", "😀", ",", ";", '"', "'", " ", "\n", "\r", "\t", ":", "|", "\\"),
  }),
  fc.string({ maxLength: 12 }).filter((cell) => !cell.includes("\0")),
);
const tables = fc.array(fc.array(cells, { minLength: 1, maxLength: 5 }), { maxLength: 6 });

describe("the tokenizer", () => {
  it("reads back what was written, in any dialect, cut anywhere", () => {
    fc.assert(
      fc.property(
        tables,
        dialects,
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom<Quoting>("minimal", "text", "all"),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (rows, dialect, newline, quoting, cuts) => {
          const text = writeRows(rows, dialect, newline, quoting);
          const places = [
            ...new Set([0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length]),
          ].sort((a, b) => a - b);
          const pieces = places.slice(1).map((end, i) => text.slice(places[i], end));
          const expected = rows.length === 0 ? [] : rows;
          expect(read(pieces, dialect)).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("gives the same rows at every single cut of an awkward text", () => {
    const text = 'a,"b ""x"" \r\n,y",c\r\n"","z" ,\r\n\r\nlong,"q\nr",é名😀\rlast,"n"';
    const whole = read([text], USUAL);
    expect(whole).toEqual([
      ["a", 'b "x" \r\n,y', "c"],
      ["", "z", ""],
      ["long", "q\nr", "é名😀"],
      ["last", "n"],
    ]);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(read([text.slice(0, cut), text.slice(cut)], USUAL)).toEqual(whole);
    }
    expect(read([...text], USUAL)).toEqual(whole);
  });

  it("reads damaged quotes alike however the text is cut", () => {
    const text = 'a,b,c\n1,"2,3\n4,"5 "x" y",6\n7,"8"9,0\n10,11,"\n12,"13, 14",15\n';
    const whole = read([text], USUAL, 3);
    expect(whole).toEqual([
      ["a", "b", "c"],
      ["1", '"2', "3"],
      ["4", '5 "x" y', "6"],
      ["7", '"8"9', "0"],
      ["10", "11", '"'],
      ["12", "13, 14", "15"],
    ]);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(read([text.slice(0, cut), text.slice(cut)], USUAL, 3)).toEqual(whole);
    }
  });

  it("keeps quotes inside unquoted cells, and ragged rows ragged", () => {
    expect(read(['5" pipe,x"y"\n1\n1,2,3,\n'], USUAL)).toEqual([
      ['5" pipe', 'x"y"'],
      ["1"],
      ["1", "2", "3", ""],
    ]);
  });

  it("names a quote that is never closed, after the rows before it", () => {
    const tokenizer = new CsvTokenizer(USUAL, { limits: LIMITS, expectedColumns: 1, keepBlankRows: 0 });
    const rows: string[][] = [];
    expect(() => {
      tokenizer.push('a\nb\n"open\nc\n', true, rows);
    }).toThrow(new TokenizerFault("unclosed-quote", '"open\nc\n'));
    expect(rows).toEqual([["a"], ["b"]]);
  });

  it("keeps to its limits", () => {
    const limits = { columnsMax: 3, cellCharsMax: 10 };
    expect(() => read(["a,b,c,d\n"], USUAL, 0, limits)).toThrow("too-many-columns");
    expect(() => read(["a,bcdefghijklm\n"], USUAL, 0, limits)).toThrow("cell-too-long");
    expect(() => read(['a,"bcdefghijklm"\n'], USUAL, 0, limits)).toThrow("cell-too-long");
    expect(() => read(['a,"bcde', "fghijkl", "mn"], USUAL, 0, limits)).toThrow("cell-too-long");
    expect(read(["a,b,c\n"], USUAL, 0, limits)).toEqual([["a", "b", "c"]]);
  });

  it("reads backslash escapes, also outside quotes", () => {
    const dialect = { delimiter: ",", quote: '"', escape: "\\" };
    expect(read(['a\\,b,"c \\"d\\" \\\\",C:\\dir\n'], dialect)).toEqual([["a,b", 'c "d" \\', "C:\\dir"]]);
  });
});
