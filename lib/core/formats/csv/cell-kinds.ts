/**
 * What a raw cell looks like, for telling the dialect and the header: not for typing the data, which the person's
 * mapping decides.
 */
export type CellKind = "empty" | "number" | "date" | "time" | "address" | "flag" | "code" | "text" | "dirty";

const NUMBER =
  /^(?=(?:USD|EUR|GBP)?[^a-zA-Z]*\d)[-+(]?\s?(?:[$€£¥₩]|USD|EUR|GBP)?\s?[-+]?(?:\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?\)?\s?(?:%|[$€£¥₩]|[a-zA-Z°µ]{1,3}\d?)?$/;
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[- ./][A-Za-z]{3,9}[- ./,]{1,2}(?:\d{4}|\d{2})|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{4}[-/]\d{2}|[A-Za-z]{3}[- ]\d{2,4})\.?(?:[T ]\s?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?|Z|UTC|GMT)?(?:\s?[-+]\d{2}:?\d{2})?)?$/;
const TIME = /^\d{1,3}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:[-+]\d{2}:?\d{2})?$/;
const ADDRESS =
  /^(?:[a-z][a-z0-9+.-]{1,9}:\/\/[^\s"]+|www\.[^\s",;]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d{1,3}(?:\.\d{1,3}){3}(?::\d+|\/\d+)?|(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})$/;
const FLAG = /^(?:true|false|yes|no|y|n|t|f|null|none|nan|n\/a|na|-|\?|--|#n\/a|\\n)$/i;
const CODE = /^[\p{L}\p{M}\p{N}_#@.$/:+*&()[\]{}<>=~^%!?'´`’-]+$/u;
/** Something that looks like a delimiter of another dialect inside the cell. */
const FOREIGN_DELIMITER = /\t|[^\s;];[^\s;]|\||[^\s,]{1},[^\s,\d]|[\p{L}],[^\s]|\d,\d+,|^[,;]|[,;]$/u;
/** Numbers, amounts and percentages in a row, with only blanks between: cells of another dialect. Not phone numbers. */
const NUMBERS_APART = /^(?!\+|0|\()[-$€£]?\d[\d.,]*%?(?:\s+[-+$€£]{0,2}\d[\d.,]*%?){2,}$/;

/** Kind of a cell that was read without leftover quotes; blanks around it do not count. */
export function cellKind(raw: string): CellKind {
  const cell = raw.length > 400 ? raw.slice(0, 400).trim() : raw.trim();
  if (cell === "") return "empty";
  const first = cell.charCodeAt(0);
  const plain = first < 58 || first > 127 || first === 91;
  if (cell.length <= 40) {
    if ((plain || /\d/.test(cell)) && /\d/.test(cell)) {
      if (NUMBER.test(cell)) return "number";
      if (TIME.test(cell)) return "time";
      if (DATE.test(cell)) return "date";
    }
    if (FLAG.test(cell)) return "flag";
  }
  if (/[:@.]/.test(cell) && ADDRESS.test(cell)) return "address";
  if (/^(?:\{.*\}|\[.*\])$/s.test(cell)) return "text";
  if (isDirty(cell)) return "dirty";
  return CODE.test(cell) ? "code" : "text";
}

/** Leftover quotes, delimiters of another dialect, control characters: signs that the cell was cut wrongly. */
function isDirty(cell: string): boolean {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(cell)) return true;
  if (NUMBERS_APART.test(cell)) return true;
  const first = cell.charAt(0);
  if ((first === '"' || first === "'") && cell.length > 1) return true;
  if (cell.endsWith('"') && !/\d"$/.test(cell) && (cell.split('"').length - 1) % 2 === 1) return true;
  return FOREIGN_DELIMITER.test(cell);
}
