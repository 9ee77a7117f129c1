import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateOrderOf } from "@/lib/core/fields/date-order";
import { fieldLabelOf, fieldNamesOf, isFieldName } from "@/lib/core/fields/field-names";
import { inferFields } from "@/lib/core/fields/infer";

/** The type inferred for one column. */
function typeOf(header: string, cells: string[]): string | undefined {
  return inferFields(
    [header],
    cells.map((cell) => [cell]),
  ).fields[0]?.type;
}

function repeated(cells: string[], times: number): string[] {
  return Array.from({ length: times }, () => cells).flat();
}

describe("field names", () => {
  it.each([
    ["Cost Total $", "costTotal"],
    ["Entry Date", "entryDate"],
    ["entryDate", "entryDate"],
    ["EntryDate", "entryDate"],
    ["ID", "id"],
    ["URLPath", "urlPath"],
    ["customer ID", "customerId"],
    ["snake_case_name", "snakeCaseName"],
    ["国", "国"],
    ["입국 날짜", "입국날짜"],
    ["Ngày đến", "ngàyĐến"],
    ["2023 total", "column2023Total"],
    ["", "column1"],
    ["$$$", "column1"],
  ])("%j becomes %s", (header, name) => {
    expect(fieldNamesOf([header])).toEqual([name]);
  });

  it("have a label on one line", () => {
    expect(fieldLabelOf("Entry\n Date ", "entryDate")).toBe("Entry Date");
    expect(fieldLabelOf("\u0000 ", "column1")).toBe("column1");
    expect(fieldLabelOf("x".repeat(500), "x")).toHaveLength(200);
  });

  it("are unique and valid whatever the headers are", () => {
    const header = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a", "A", "a2", "__proto__", "", "𠮷".repeat(40), `x${"𠮷".repeat(40)}`),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 40 }), (headers) => {
        const names = fieldNamesOf(headers);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(headers.length);
        for (const name of names) expect(isFieldName(name)).toBe(true);
      }),
    );
  });
});

describe("types of a new table", () => {
  it.each([
    ["Age", repeated(["31", "42", ""], 12), "integer"],
    ["Age", ["31", "42"], "decimal"],
    ["Price", repeated(["10", "20"], 20), "decimal"],
    ["Price", ["12.50", "1,200.00"], "decimal"],
    ["Preis", ["12,50", "1.200,00"], "decimal"],
    ["Paid", ["true", "false", ""], "boolean"],
    ["Flag", ["0", "1"], "decimal"],
    ["When", ["2023-01-05", "2024-02-29"], "date"],
    ["When", ["05.01.2023", "13.02.2023"], "date"],
    ["When", ["01/02/2023", "03/04/2023"], "date"],
    ["When", ["5 Jan 2023", "N/A"], "date"],
    ["When", ["2023-01-05 10:00:00", "2023-01-06 11:30:00"], "datetime"],
    ["Page", ["https://example.com/a", "http://example.com"], "url"],
    ["Zip", repeated(["94107", "10001"], 20), "text"],
    ["Ref", ["007", "012"], "text"],
    ["Card", ["4111111111111111"], "text"],
    ["Contact", ["+4915112345678"], "text"],
    ["Contact", ["15112345678", "15187654321"], "text"],
    ["Release", ["1.2.10", "2.0.11"], "text"],
    ["Product", ["1E5", "2E6"], "text"],
    ["Share", ["12%", "15%"], "text"],
    ["Mixed", ["12", "twelve"], "text"],
    ["Time", ["10:30", "11:00"], "text"],
    ["Nothing", ["", " "], "text"],
    ["Dashes", ["-", "-"], "text"],
    ["Days", ["2023-01-05", "soon"], "text"],
  ])("%s %j is %s", (header, cells, type) => {
    expect(typeOf(header, cells)).toBe(type);
  });

  it("keeps a date column with one impossible day a date column", () => {
    expect(typeOf("When", [...repeated(["2023-01-05"], 1), ...days(15), "2023-02-30"])).toBe("date");
  });

  it("finds the decimal comma and the order of dates, and asks when they are open", () => {
    const columns = ["Datum", "Bis", "Betrag"];
    const rows = [
      ["03.04.2023", "05.06.2023", "1.234,50"],
      ["13.04.2023", "current", "12,5"],
    ];
    const inference = inferFields(columns, rows);
    expect(inference).toMatchObject({
      decimalComma: true,
      dateOrders: [
        { column: "Datum", order: "dmy" },
        { column: "Bis", order: "ambiguous" },
      ],
    });
    expect(inference.fields.map(({ type }) => type)).toEqual(["date", "text", "decimal"]);
    expect(inference.evidence).toContain('The order of day and month is open: "Bis".');
  });

  it("takes two thousand columns", () => {
    const columns = Array.from({ length: 2000 }, (_, index) => `Column ${index}`);
    const rows = Array.from({ length: 50 }, (_, row) => columns.map((_, index) => String(row * index)));
    expect(new Set(inferFields(columns, rows).fields.map(({ name }) => name)).size).toBe(2000);
  });
});

function days(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `2023-03-${String(index + 1).padStart(2, "0")}`);
}

describe("date order", () => {
  it.each([
    [["13/01/2023", "02/03/2023"], "dmy"],
    [["01/13/2023", "02/03/2023"], "mdy"],
    [["02/03/2023", "04/05/2023"], "ambiguous"],
    [["13/01/2023", "01/13/2023"], "ambiguous"],
    [["99/12/31", "98/01/02"], "ymd"],
    [["13/01/2023 10:30", "02/03/2023 11:00"], "dmy"],
    [["2023-01-05", "5 Jan 2023", "hello", ""], undefined],
    [["2023-01-05", "31.02.2019"], undefined],
    [["31.02.2019", "30.02.2019", "13/01/2023"], "dmy"],
  ])("of %j is %s", (values, order) => {
    expect(dateOrderOf(values)).toBe(order);
  });
});
