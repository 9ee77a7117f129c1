import { describe, expect, it } from "vitest";
import { foldText } from "@/lib/core/fields/fold";
import type { Field } from "@/lib/core/fields/types";
import { proposeMapping } from "@/lib/core/mapping/propose";
import { TEMPLATES } from "@/lib/core/templates/templates";
import { TRIPS } from "@/lib/core/templates/trips";

function mapped(columns: string[], sampleRows: string[][] = []): (string | null)[] {
  return proposeMapping({ columns, sampleRows }, TRIPS.fields, TRIPS).map(({ field }) => field);
}

const TRIP_FIELDS = [
  "country",
  "entryDate",
  "exitDate",
  "visaType",
  "maxDays",
  "passportCountry",
  null,
  "notes",
];

describe("a mapping for Trips", () => {
  it.each([
    ["Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Duration,Notes"],
    ["country,entrydate,exitdate,visatype,maxdays,passportcountry,duration,notes"],
    ["COUNTRY,ENTRY_DATE,EXIT_DATE,VISA_TYPE,MAX_DAYS,PASSPORT_COUNTRY,DURATION,NOTES"],
    ["Country,EntryDate,ExitDate,VisaType,MaxDays,PassportCountry,Duration,Notes"],
    [" Country , Entry-Date,Exit-Date,Visa Type:,Max. Days,Passport Country,Duration (days),Notes"],
    ["Land,Einreise,Ausreise,Visum,Max Tage,Staatsangehörigkeit,Dauer,Notizen"],
    ["Pays,Date d’entrée,Date de sortie,Type de visa,Jours max,Nationalité,Durée,Remarques"],
    ["País,Entrada,Salida,Visado,Días permitidos,Nacionalidad,Duración,Notas"],
    ["Quốc gia,Ngày nhập cảnh,Ngày xuất cảnh,Loại visa,Số ngày tối đa,Quốc tịch,Số ngày,Ghi chú"],
    ["국가,입국일,출국일,비자 종류,최대 일수,국적,기간,메모"],
    ["国名,入国日,出国日,ビザの種類,最大日数,国籍,滞在日数,備考"],
  ])("knows %s", (header) => {
    expect(mapped(header.split(","))).toEqual(TRIP_FIELDS);
  });

  it("forgives a slip of the pen when the cells bear it out", () => {
    const rows = [["Vietnam", "2023-01-02", "2023-01-05"]];
    expect(mapped(["Contry", "Entry Dtae", "Other"], rows)).toEqual(["country", "entryDate", "exitDate"]);
    expect(mapped(["Contry", "Entry Dtae"], [["a road", "blue"]])).toEqual([null, null]);
  });

  it("tells countries and dates by their cells when the file has no names", () => {
    const rows = [
      ["7", "Vietnam", "2023-01-02", "2023-02-02", "e-visa"],
      ["8", "JP", "2023-03-02", "2023-04-02", "tourist"],
    ];
    const columns = ["Column 1", "Column 2", "Column 3", "Column 4", "Column 5"];
    expect(mapped(columns, rows)).toEqual([null, "country", "entryDate", "exitDate", null]);
  });

  it("gives a field to one column only, to the one with the strongest claim", () => {
    expect(mapped(["Start", "Entry Date", "Arrival"])).toEqual([null, "entryDate", null]);
  });

  it("says how sure it is and why", () => {
    const [exact, loose, synonym, none] = proposeMapping(
      { columns: ["Country", "entry_date", "Departure", "Colour"], sampleRows: [] },
      TRIPS.fields,
      TRIPS,
    );
    expect(exact).toEqual({
      column: "Country",
      field: "country",
      confidence: 1,
      reason: "The field's label.",
    });
    expect(loose?.confidence).toBe(0.98);
    expect(synonym).toMatchObject({ field: "exitDate", confidence: 0.9 });
    expect(none).toMatchObject({ field: null, confidence: 0 });
  });
});

describe("a mapping without a template", () => {
  it("stays quick for two thousand columns and fields", () => {
    const fields = Array.from({ length: 2000 }, (_, index): Field => {
      return { name: `field${index}`, label: `Field ${index}`, type: "text", required: false };
    });
    const columns = fields.map(({ label }, index) => (index % 2 ? label.toUpperCase() : `Unknown ${index}`));
    const startedAt = performance.now();
    const proposals = proposeMapping({ columns, sampleRows: [] }, fields);
    expect(proposals.filter(({ field }) => field !== null)).toHaveLength(1000);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe("the templates' synonyms", () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    "of %s each name one field",
    (_, template) => {
      const owners = new Map<string, string>();
      const clashes: string[] = [];
      const add = (word: string, owner: string) => {
        const known = owners.get(foldText(word));
        if (known !== undefined && known !== owner) clashes.push(`${word}: ${known}, ${owner}`);
        owners.set(foldText(word), owner);
      };
      for (const { name, label } of template.fields) for (const word of [name, label]) add(word, name);
      for (const [name, words] of Object.entries(template.synonyms))
        for (const word of words) add(word, name);
      for (const word of template.computedColumns) add(word, "computed");
      expect(clashes).toEqual([]);
      expect(
        Object.keys(template.synonyms).every((name) => template.fields.some((f) => f.name === name)),
      ).toBe(true);
      expect(template.keyFields.every((name) => template.fields.some((f) => f.name === name))).toBe(true);
    },
  );
});
