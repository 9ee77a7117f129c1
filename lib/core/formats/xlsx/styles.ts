import { DATE, DATE_MILLIS, DURATION, PLAIN, TIME, type NumberKind } from "./number-text";
import { tagsOf } from "./xml";

/** Built-in formats of ECMA-376 18.8.30 that show dates or times, the East Asian ones included. */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 45],
  [50, 58],
];
/** Those among them that show no day. */
const BUILT_IN_TIMES: readonly (readonly [number, number])[] = [
  [18, 21],
  [32, 33],
  [45, 45],
];
const BUILT_IN_ELAPSED = 46;
const BUILT_IN_TENTHS = 47;

/** The NumberKind of each cell style, by the index that a cell's `s` attribute names. */
export function numberKindsOf(stylesXml: Uint8Array): Uint8Array {
  const codes = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let inside = "";
  for (const { kind, name, attributes } of tagsOf(stylesXml)) {
    if (name === "numFmts" || name === "cellXfs") inside = kind === "open" ? name : "";
    else if (kind === "close") continue;
    else if (name === "numFmt" && inside === "numFmts") {
      codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
    } else if (name === "xf" && inside === "cellXfs") {
      const id = Number(attributes.numFmtId ?? 0);
      const code = codes.get(id);
      kinds.push(code === undefined ? kindOfBuiltIn(id) : kindOfFormat(code));
    }
  }
  return Uint8Array.from(kinds);
}

function kindOfBuiltIn(id: number): NumberKind {
  if (id === BUILT_IN_ELAPSED) return DURATION;
  if (id === BUILT_IN_TENTHS) return DATE_MILLIS;
  const isOneOf = (ranges: typeof BUILT_IN_DATES) =>
    ranges.some(([first, last]) => id >= first && id <= last);
  if (isOneOf(BUILT_IN_TIMES)) return TIME;
  return isOneOf(BUILT_IN_DATES) ? DATE : PLAIN;
}

/** The kind of a format code: a date when a date letter stands outside quotes, escapes, fills, brackets and colours. */
function kindOfFormat(code: string): NumberKind {
  const first = withoutLiterals(code).split(";")[0] ?? "";
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return DURATION;
  const letters = first.replace(/\[[^\]]*\]/g, "").replace(/general|standard/gi, "");
  if (/e[+-]/i.test(letters) || !/[dmyhsegb\u5e74\u6708\u65e5]/i.test(letters)) return PLAIN;
  if (/s\.0/i.test(letters)) return DATE_MILLIS;
  // An m beside hours or seconds is minutes.
  const clock = letters.replace(/am\/pm|a\/p/gi, "");
  return /[hs]/i.test(clock) && !/[dyegb\u5e74\u6708\u65e5]|m{3,}/i.test(clock) ? TIME : DATE;
}

/** Quoted text, escaped characters, fill (`*x`) and padding (`_x`) characters removed. */
function withoutLiterals(code: string): string {
  return code.replace(/"[^"]*"?|\\[\s\S]|\*[\s\S]|_[\s\S]/g, "");
}
