import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { memorySource } from "@/lib/core/formats/csv/testing/memory-source";
import type { FileProblem } from "@/lib/core/formats/types";
import { createDecoder } from "./decoder";
import { detectEncoding } from "./detect";

const TEXTS: [encoding: string, text: string][] = [
  ["windows-1252", "Name;Größe;Straße\nMüller;5;Hauptstraße\nSchön;6;Königsweg\n"],
  ["windows-1252", "Prénom,Âge,Ville\nChloé,20,Orléans\nRené,30,Besançon – l’été\n"],
  ["windows-1250", "Jméno;Město\nŽižka;Plzeň\nDvořák;Děčín\nŘehoř;Příbram\n"],
  ["windows-1250", "Imię;Miasto\nŁukasz;Łódź\nŚwięty;Kraków\nGrażyna;Częstochowa\n"],
  ["windows-1251", "Имя;Город\nИван;Москва\nОльга;Санкт-Петербург\n"],
  ["koi8-r", "Имя;Город\nИван;Москва\nОльга;Санкт-Петербург\n"],
  ["windows-1253", "Όνομα;Πόλη\nΓιώργος;Αθήνα\nΜαρία;Θεσσαλονίκη\n"],
  ["windows-1254", "İsim;Şehir\nAğaç;Iğdır\nÇağrı;Eskişehir\nIşık;Muğla\n"],
  ["windows-1255", "שם;עיר\nדוד;ירושלים\nרחל;חיפה\n"],
  ["windows-1256", "الاسم;المدينة\nمحمد;القاهرة\nفاطمة;بغداد\n"],
  ["windows-874", "ชื่อ,เมือง\nสมชาย,กรุงเทพ\nสมหญิง,เชียงใหม่\n"],
  ["shift_jis", "名前,都市\n太郎,東京\n花子,大阪です\nさくら,カタカナ\n"],
  ["euc-jp", "名前,都市\n太郎,東京\n花子,大阪です\nさくら,カタカナ\n"],
  ["euc-kr", "이름,도시\n김민수,서울\n이지은,부산광역시\n"],
  ["gb18030", "姓名,城市\n王小明,北京\n李华,上海市\n张伟,广州\n"],
  ["big5", "姓名,城市\n王小明,臺北\n李華,高雄市\n張偉,臺中\n"],
];

async function found(bytes: Uint8Array, told?: string) {
  return detectEncoding(memorySource(bytes), told);
}

describe("encoding detection", () => {
  it.each(TEXTS)("tells %s", async (encoding, text) => {
    expect((await found(iconv.encode(text, encoding))).encoding).toBe(encoding);
  });

  it("calls valid UTF-8 UTF-8, and ASCII too", async () => {
    for (const [, text] of TEXTS) expect((await found(Buffer.from(text))).encoding).toBe("utf-8");
    expect((await found(Buffer.from("a,b\n1,2\n"))).encoding).toBe("utf-8");
  });

  it("reads byte order marks, and UTF-16 without one", async () => {
    const text = "名前,city\n太郎,Paris\n";
    expect(await found(Buffer.from("\uFEFF" + text))).toMatchObject({ encoding: "utf-8", bomBytes: 3 });
    expect(await found(iconv.encode("\uFEFF" + text, "utf-16le"))).toMatchObject({
      encoding: "utf-16le",
      bomBytes: 2,
    });
    expect(await found(iconv.encode("\uFEFF" + text, "utf-16be"))).toMatchObject({
      encoding: "utf-16be",
      bomBytes: 2,
    });
    expect((await found(iconv.encode(text, "utf-16le"))).encoding).toBe("utf-16le");
    expect((await found(iconv.encode(text, "utf-16be"))).encoding).toBe("utf-16be");
  });

  it("finds the first accent far down the file", async () => {
    const ascii = "some,plain,row\n".repeat(60_000);
    const far = Buffer.concat([
      Buffer.from(ascii),
      iconv.encode("Имя,Москва,Город\n".repeat(20), "windows-1251"),
    ]);
    expect((await found(far)).encoding).toBe("windows-1251");
    const utf8 = Buffer.concat([Buffer.from(ascii), Buffer.from("Имя,Москва,Город\n")]);
    expect((await found(utf8)).encoding).toBe("utf-8");
  });

  it("refuses UTF-8 that was told and is plainly not", async () => {
    const bytes = iconv.encode("Größe;Straße\n", "windows-1252");
    await expect(found(bytes, "UTF-8")).rejects.toMatchObject({ code: "wrong-encoding", where: { byte: 2 } });
    await expect(found(bytes, "klingon")).rejects.toMatchObject({ code: "wrong-encoding" });
    expect((await found(bytes, "latin1")).encoding).toBe("windows-1252");
  });
});

function decode(chunks: Uint8Array[], encoding: string): string {
  const decoder = createDecoder(encoding);
  return chunks.map((chunk) => decoder.decode(chunk)).join("") + decoder.end();
}

describe("decoding in pieces", () => {
  const all: [string, string][] = [
    ...TEXTS,
    ["utf-8", "é名😀 abc"],
    ["utf-16le", "é名😀"],
    ["utf-16be", "é名😀"],
  ];

  it.each(all)("damages no character of %s at any cut", (encoding, text) => {
    const bytes = iconv.encode(text, encoding);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)], encoding)).toBe(text);
    }
    expect(
      decode(
        [...bytes].map((byte) => Uint8Array.of(byte)),
        encoding,
      ),
    ).toBe(text);
  });

  it("reads any text in UTF-8 cut anywhere", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat(60)), (text, cuts) => {
        const bytes = Buffer.from(text);
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        expect(
          decode(
            places.slice(1).map((end, i) => bytes.subarray(places[i], end)),
            "utf-8",
          ),
        ).toBe(text);
      }),
    );
  });

  it("reads stray bytes in UTF-8 as Windows-1252, never as U+FFFD", () => {
    expect(decode([Buffer.from([0x61, 0xe9, 0x2c, 0xc3, 0xa9, 0x80])], "utf-8")).toBe("aé,é€");
    expect(decode([Buffer.from([0x61, 0xe9])], "utf-8")).toBe("aé");
  });

  it("ends where a text is not in its encoding, and says where", () => {
    const bad = Buffer.concat([iconv.encode("東京", "shift_jis"), Buffer.from([0x61, 0xff, 0x62])]);
    let problem: unknown;
    try {
      decode([bad], "shift_jis");
    } catch (error) {
      problem = error;
    }
    expect(problem).toMatchObject({
      code: "wrong-encoding",
      where: { byte: 5 },
    } satisfies Partial<FileProblem>);
    const mixed = Buffer.concat([Buffer.from("é名😀"), Buffer.alloc(200, 0xe9)]);
    expect(() => decode([mixed], "utf-8")).toThrow(/not UTF-8 throughout/);
  });
});
