/**
 * Encoding labels as Ferry speaks of them: WHATWG labels in lower case, and what is decoded by what. Single-byte
 * encodings go through iconv-lite, because Node's own decoder reads windows-1252 as ISO-8859-1 in some releases.
 */

/** How the bytes of an encoding are turned into text. */
export type DecoderKind = "utf-8" | "utf-16" | "multi-byte" | "iconv";

const ALIASES: Record<string, string> = {
  utf8: "utf-8",
  "utf-8-sig": "utf-8",
  ascii: "utf-8",
  "us-ascii": "utf-8",
  "utf-16": "utf-16le",
  ucs2: "utf-16le",
  "ucs-2": "utf-16le",
  latin1: "windows-1252",
  "iso-8859-1": "windows-1252",
  "iso-8859-9": "windows-1254",
  "iso-8859-11": "windows-874",
  "tis-620": "windows-874",
  cp1250: "windows-1250",
  cp1251: "windows-1251",
  cp1252: "windows-1252",
  "shift-jis": "shift_jis",
  sjis: "shift_jis",
  "windows-31j": "shift_jis",
  cp932: "shift_jis",
  "windows-949": "euc-kr",
  cp949: "euc-kr",
  gbk: "gb18030",
  gb2312: "gb18030",
  "big5-hkscs": "big5",
};

const MULTI_BYTE = new Set(["shift_jis", "euc-kr", "gb18030", "big5", "euc-jp", "iso-2022-jp"]);

const ICONV = new Set([
  ...["1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258", "874"].map(
    (n) => `windows-${n}`,
  ),
  ...["2", "3", "4", "5", "6", "7", "8", "10", "13", "14", "15", "16"].map((n) => `iso-8859-${n}`),
  ...["koi8-r", "koi8-u", "macintosh", "ibm866", "cp437", "cp850", "cp852", "utf-32le", "utf-32be"],
]);

/** The canonical label of an encoding, or undefined when Ferry cannot read it. */
export function normaliseEncoding(label: string): string | undefined {
  const lower = label.trim().toLowerCase();
  const known = ALIASES[lower] ?? lower;
  return decoderKind(known) === undefined ? undefined : known;
}

/** What decodes a canonical label; undefined for an unknown one. */
export function decoderKind(encoding: string): DecoderKind | undefined {
  if (encoding === "utf-8") return "utf-8";
  if (encoding === "utf-16le" || encoding === "utf-16be") return "utf-16";
  if (MULTI_BYTE.has(encoding)) return "multi-byte";
  return ICONV.has(encoding) ? "iconv" : undefined;
}
