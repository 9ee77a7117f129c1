import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopyText } from "@/db/bulk/copy-text";
import type { RestoredPart } from "@/db/schema";
import { BackupProblem } from "@/lib/core/backups/errors";
import { UnchangedRecords } from "@/lib/core/backups/unchanged-records";
import { FIELD_TYPES, type Field, type FieldType } from "@/lib/core/fields/types";
import { copyText } from "./copy-records";
import type { RecordsPiece } from "./piece-reader";
import { RestoredLines } from "./restored-lines";

const AT = "2026-10-31T23:59:59.000001Z";
const ID = (n: number) => `0192f3a4-7b2c-7def-8abc-${n.toString(16).padStart(12, "0")}`;

/** What jsonb makes of an object: names by length, then by bytes; a space after each colon and comma. */
function jsonbText(members: readonly (readonly [string, string])[]): string {
  const sorted = [...members].sort(
    ([a], [b]) =>
      Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return `{${sorted.map(([name, json]) => `${JSON.stringify(name)}: ${json}`).join(", ")}}`;
}

const lineOf = (id: string, data: string, version = "1", importId = "null") =>
  `{"id":"${id}","version":${version},"createdAt":"${AT}","updatedAt":"${AT}","importId":${importId},"data":${data}}\n`;

/** Reads every line by parsing it, as before some were copied. */
class ParsedLines extends RestoredLines {
  override unchanged(): undefined {
    return undefined;
  }
}

interface Outcome {
  rows: unknown[][];
  summary: unknown;
  refused: string | undefined;
}

async function outcomeOf(lines: RestoredLines, parts: readonly Buffer[]): Promise<Outcome> {
  async function* batches(): AsyncGenerator<RecordsPiece> {
    for (const [i, bytes] of parts.entries()) {
      const part = { name: `records/${i}`, kind: "records" as const, count: 0, sizeBytes: 0, sha256: "" };
      yield await Promise.resolve({ kind: "part", part, bytes });
    }
  }
  const pieces: Buffer[] = [];
  let refused: string | undefined;
  try {
    for await (const piece of copyText(batches(), lines, new CopyText(), () => Promise.resolve()))
      pieces.push(Buffer.from(piece));
  } catch (error) {
    if (!(error instanceof BackupProblem)) throw error;
    refused = error.message;
  }
  // What was given out before a refusal is taken back with it.
  const text = refused === undefined ? Buffer.concat(pieces).toString() : "";
  return { rows: text.split("\n").slice(0, -1).map(rowOf), summary: refused ?? lines.summary, refused };
}

/** The columns of a line of COPY text, as PostgreSQL reads them. */
function rowOf(line: string): unknown[] {
  return line.split("\t").map((column, i) => {
    if (column === "\\N") return null;
    const text = column.replace(/\\(.)/g, "$1");
    return i === 1 || i === 3 || i === 4 ? (JSON.parse(text) as unknown) : text;
  });
}

async function bothWays(fields: readonly Field[], parts: readonly Buffer[]): Promise<Outcome> {
  const part = { fields, filled: fields.map(({ name }) => name) } as unknown as RestoredPart;
  const copied = await outcomeOf(new RestoredLines(part, null, 7), parts);
  expect(copied).toEqual(await outcomeOf(new ParsedLines(part, null, 7), parts));
  return copied;
}

const field = (type: FieldType, over: Partial<Field> = {}): Field => ({
  name: type,
  label: type,
  type,
  required: false,
  ...(type === "enum" && { values: ["red", "Grün", "a\\b", '"quoted"'] }),
  ...over,
});

const awkwardText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        ..." \t\n\r\b\f\u0000\u0001\u001f\u007f\u0085\u00a0\u1680\u2003\u2028\u3000\ufeff\"\\/'a東–é",
        "🧳",
        "\ud800",
      ),
    )
    .map((parts) => parts.join("")),
  fc.constantFrom("n/a", "-", "null", "still there", "VN", "Viet Nam", "Vietnam", "Nga", "true", "1", "1.50"),
);
const json = (value: unknown) => JSON.stringify(value);
const numberText = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(json),
  fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,20})?(e[+-]?\d{1,3})?$/),
  fc.constantFrom(
    "-0",
    "0.0",
    "0.5",
    "0.05",
    "1.50",
    "1e5",
    "9007199254740993",
    "123456789012345",
    "1234567890123456",
  ),
);
const dateText = fc.oneof(
  fc
    .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((d) => d.toISOString()),
  fc.constantFrom(
    "2026-02-29",
    "2024-02-29",
    "2026-13-01",
    "0000-01-01",
    "31/12/2026",
    "45000",
    "2026-11-30T24:00:00Z",
  ),
);
const valueJson = fc.oneof(
  awkwardText.map(json),
  // As other programs may escape it.
  awkwardText.map(
    (text) => `"${[...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`,
  ),
  numberText,
  numberText.map(json),
  dateText.map(json),
  dateText.map((text) => json(text.slice(0, 10))),
  dateText.map((text) => json(text.replace(".000Z", "Z"))),
  fc.constantFrom(
    "true",
    "false",
    "null",
    "{}",
    "[]",
    '{"a": 1}',
    '["}"]',
    '"red"',
    '"grün"',
    '"Grün"',
    '"a\\\\b"',
  ),
  fc.webUrl().map(json),
);

const fieldsArbitrary = fc
  .uniqueArray(
    fc.record({
      name: fc.oneof(
        fc.constantFrom("a", "b", "zz", "name", "Name"),
        fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
      ),
      type: fc.constantFrom(...FIELD_TYPES),
      required: fc.boolean(),
      semantic: fc.constantFrom(undefined, undefined, "country" as const, "openEnd" as const),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
  )
  .map((list) =>
    list.map(({ type, semantic, ...over }) => field(type, { ...over, ...(semantic && { semantic }) })),
  );

/** Lines for these fields: most in jsonb's form, some with members that are unknown, twice, or in another order. */
function lineArbitrary(fields: readonly Field[]): fc.Arbitrary<(id: string) => string> {
  const members = fc.tuple(
    ...fields.map(({ name }) => fc.option(valueJson, { freq: 6 }).map((v) => [name, v] as const)),
  );
  const wrong = fc.constantFrom(
    "",
    "",
    "",
    "",
    "unknown",
    "twice",
    "order",
    "spaces",
    "version",
    "cut",
    "import",
  );
  return fc.tuple(members, wrong).map(([all, how]) => (id) => {
    const given = all.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
    const data = jsonbText(how === "unknown" ? [...given, ["unknown", "1"]] : given);
    if (how === "twice" && given.length > 0)
      return lineOf(id, data.replace("{", `{"${fields[0]!.name}": "x", `));
    if (how === "order")
      return lineOf(
        id,
        `{${given
          .map(([n, v]) => `${json(n)}: ${v}`)
          .reverse()
          .join(", ")}}`,
      );
    if (how === "spaces") return lineOf(id, data.replaceAll(": ", ":"));
    if (how === "version") return lineOf(id, data, "12345678901");
    if (how === "import") return lineOf(id, data, "0", `"${ID(1)}"`);
    return how === "cut" ? lineOf(id, data.slice(0, -1)) : lineOf(id, data);
  });
}

describe("records of a backup as COPY text", () => {
  it("come out by their bytes as they do when each is parsed, whatever stands in them", async () => {
    const cases = fieldsArbitrary.chain((fields) =>
      fc.record({
        fields: fc.constant(fields),
        lines: fc.array(lineArbitrary(fields), { maxLength: 8 }),
        twice: fc.nat(60),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ fields, lines, twice }) => {
        const texts = lines.map((line, i) => line(ID(i === twice ? i - 1 : i)));
        const half = texts.length >> 1;
        await bothWays(
          fields,
          [texts.slice(0, half), texts.slice(half)].map((some) => Buffer.from(some.join(""))),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it("come out alike when single bytes were changed", async () => {
    const fields = FIELD_TYPES.map((type) => field(type, { required: type === "date" }));
    const line = lineOf(ID(1), jsonbText(CANONICAL), "3", `"${ID(9)}"`);
    const bytes = Buffer.from(line + line.replace(ID(1), ID(2)));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        await bothWays(fields, [changed]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keep digits that a double would lose", async () => {
    const fields = [field("decimal"), field("integer")];
    const long = "123456789012345678901234567890";
    const { rows } = await bothWays(fields, [
      Buffer.from(
        lineOf(
          ID(1),
          jsonbText([
            ["decimal", json(`${long}.5`)],
            ["integer", json(long)],
          ]),
        ),
      ),
    ]);
    expect(rows[0]![1]).toEqual({ decimal: `${long}.5`, integer: long });
  });

  it("are cut into pieces wherever they are long, and count on from what was there", async () => {
    const fields = [field("text")];
    const texts = [70_000, 10, 200_000, 0, 65_536].map((n, i) =>
      lineOf(ID(i), `{"text": "${"ab\\\\".repeat(n / 4)}|"}`),
    );
    const { rows } = await bothWays(fields, [Buffer.from(texts.join(""))]);
    expect(rows.map((row) => row[0])).toEqual(["8", "9", "10", "11", "12"]);
  });
});

const CANONICAL: [string, string][] = [
  ["text", '"two\\nlines, \\"quoted\\", a \\\\ and 東京 🧳"'],
  ["integer", "-42"],
  ["decimal", "0.125"],
  ["boolean", "true"],
  ["date", '"2024-02-29"'],
  ["datetime", '"2026-11-30T08:15:30.250Z"'],
  ["enum", '"Grün"'],
  ["reference", `"${ID(5)}"`],
  ["url", '"https://example.org/a?b=c"'],
  ["media", '"bild.png"'],
];

describe("UnchangedRecords", () => {
  const fields = FIELD_TYPES.map((type) => field(type));
  const recognised = (line: string, of: readonly Field[] = fields) => {
    const bytes = Buffer.from(`first\n${line}more\n`);
    return new UnchangedRecords(of).next(bytes, 6) === 6 + Buffer.byteLength(line);
  };

  it("recognises what Ferry writes, with any of the fields left out", () => {
    for (let bits = 0; bits < 1 << CANONICAL.length; bits++) {
      const some = CANONICAL.filter((_, i) => bits & (1 << i));
      expect(recognised(lineOf(ID(1), jsonbText(some)))).toBe(true);
    }
    expect(recognised(lineOf(ID(1), "{}", "123456789", `"${ID(2)}"`))).toBe(true);
    for (const text of ["–", "。", "“a”", "é", "🧳", "'=1+1", "\u0001", "ở"])
      expect([text, recognised(lineOf(ID(1), jsonbText([["text", json(text)]])))]).toEqual([text, true]);
  });

  it("leaves all else to those who parse it", () => {
    const refused = [
      lineOf(ID(1), `{"text": "x", "text": "x"}`),
      lineOf(ID(1), `{"media": "x", "text": "x"}`),
      lineOf(ID(1), `{"text": "x", "unknown": 1}`),
      lineOf(ID(1), `{"text": null}`),
      lineOf(ID(1), `{"text": " x"}`),
      lineOf(ID(1), `{"text": "x\\n"}`),
      lineOf(ID(1), `{"text": "\\u0000x"}`),
      lineOf(ID(1), `{"text": ""}`),
      lineOf(ID(1), `{"text": 5}`),
      lineOf(ID(1), `{"decimal": 1.50}`),
      lineOf(ID(1), `{"integer": 12345678901234567}`),
      lineOf(ID(1), `{"boolean": "true"}`),
      lineOf(ID(1), `{"date": "2026-02-29"}`),
      lineOf(ID(1), `{"enum": "grün"}`),
      lineOf(ID(1).toUpperCase(), "{}"),
      lineOf(ID(1), "{}", "01"),
      lineOf(ID(1), "{}", "1.0"),
      lineOf(ID(1), "{}").replaceAll("2026-10-31", "2026-11-31"),
      lineOf(ID(1), "{}").replace(',"data"', ',"more":1,"data"'),
    ];
    expect(refused.filter((line) => recognised(line))).toEqual([]);
    expect(recognised(lineOf(ID(1), "{}"), [field("text", { required: true })])).toBe(false);
  });
});
