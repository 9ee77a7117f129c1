/** Numbers that only make sense with a comma as the decimal sign: "12,5", "1.234,50", "0,125". */
const COMMA_DECIMAL = /^[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+)$/;
/** Numbers that only make sense with a point: "12.5", "1,234.50", "0.125". */
const POINT_DECIMAL = /^[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+)$/;
const NUMBER_START = /^[+-]?\p{Sc}?[+-]?\s?\d/u;
const AFFIX = /[\p{Sc}%\s]/u;
const NUMBER_LIKE = /^[+-]?\d[\d.,]*$/;

/** A column counts when this share of its cells look like numbers; lists such as "1,2" stand among words. */
const NUMBER_SHARE_MIN = 0.8;

export interface DecimalEvidence {
  comma: number;
  point: number;
}

/** How often a column's cells prove one decimal sign or the other. Currency signs and spaces do not matter. */
export function decimalEvidence(values: readonly string[]): DecimalEvidence {
  const evidence: DecimalEvidence = { comma: 0, point: 0 };
  let numbers = 0;
  for (const value of values) {
    if (value.length > 32 || !NUMBER_START.test(value)) continue;
    const bare = AFFIX.test(value) ? value.replace(/[\p{Sc}%\s]/gu, "") : value;
    if (!NUMBER_LIKE.test(bare)) continue;
    numbers++;
    if (COMMA_DECIMAL.test(bare)) evidence.comma++;
    else if (POINT_DECIMAL.test(bare)) evidence.point++;
  }
  return numbers >= values.length * NUMBER_SHARE_MIN ? evidence : { comma: 0, point: 0 };
}

/** True or false when the evidence says so almost with one voice, else undefined: nothing is then assumed. */
export function decimalCommaOf({ comma, point }: DecimalEvidence): boolean | undefined {
  if (comma === 0 && point === 0) return undefined;
  if (comma >= point * 9) return true;
  return point >= comma * 9 ? false : undefined;
}
