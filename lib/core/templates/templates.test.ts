import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inferFields } from "@/lib/core/fields/infer";
import { proposeMapping } from "@/lib/core/mapping/propose";
import { resolveMapping } from "@/lib/core/mapping/resolve";
import { compileRowEncoder } from "@/lib/core/mapping/row-encoder";
import { TEMPLATES, templateById } from "@/lib/core/templates/templates";
import { tripDuration } from "@/lib/core/templates/trip-duration";

/** Enough CSV for the sample files: quoted cells without line breaks. */
function sample(path: string): string[][] {
  const text = readFileSync(join(process.cwd(), "public", path), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
      ),
    );
}

describe("templates", () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    "%s: its sample file goes in without an error or a correction",
    (id, template) => {
      const [columns = [], ...rows] = sample(template.sampleFile);
      const mapping = proposeMapping({ columns, sampleRows: rows }, template.fields, template);
      const { columnIndexes, problems } = resolveMapping(mapping, columns, template.fields);
      expect(problems).toEqual([]);
      expect(columnIndexes).not.toContain(-1);
      const encoder = compileRowEncoder({
        fields: template.fields,
        columnIndexes,
        columnCount: columns.length,
        options: {},
      });
      for (const row of rows) {
        expect(encoder.encode(row), row.join()).toEqual(expect.any(String));
      }
      expect(encoder.corrections()).toEqual({});
      expect(encoder.rowsWithExtraCells).toBe(0);
      expect(templateById(id)).toBe(template);
    },
  );

  it("a table's sample shows the types that are inferred", () => {
    const [columns = [], ...rows] = sample("samples/table.csv");
    const { fields, dateOrders } = inferFields(columns, rows);
    expect(Object.fromEntries(fields.map(({ name, type }) => [name, type]))).toEqual({
      orderNo: "text",
      orderedOn: "date",
      customer: "text",
      eMail: "text",
      postalCode: "text",
      product: "text",
      quantity: "decimal",
      unitPrice: "decimal",
      paid: "boolean",
      page: "url",
    });
    expect(dateOrders).toEqual([]);
  });

  it("know no template by another name", () => {
    expect(templateById("constructor")).toBeUndefined();
  });
});

describe("days of a trip", () => {
  it.each([
    ["2024-02-28", "2024-03-01", 3],
    ["2024-02-28", "2024-02-28", 1],
    ["2024-03-01", "2024-02-28", undefined],
    ["2024-06-01", undefined, 10],
    ["2024-06-11", undefined, 0],
    [undefined, "2024-06-11", undefined],
  ])("from %s to %s are %s", (entryDate, exitDate, days) => {
    const data = { ...(entryDate && { entryDate }), ...(exitDate && { exitDate }) };
    expect(tripDuration(data, "2024-06-10")).toBe(days);
  });
});
