import { FOLDED_LETTERS } from "./fold-table";

/**
 * Text without case and accents: NFKD, combining marks U+0300–U+036F dropped, letters in lower case one by one (no rule
 * looks at a letter's neighbours). The SQL function ferry_fold does exactly the same; spaces and punctuation count.
 */
export function foldForMatch(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let folded = "";
  for (const letter of text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "")) {
    const point = letter.codePointAt(0) ?? 0;
    if (point < 0x80) {
      folded += letter.toLowerCase();
      continue;
    }
    const other = FOLDED_LETTERS.get(point);
    folded += other === undefined ? letter : String.fromCodePoint(other);
  }
  return folded;
}

const ASCII = /^[\u0000-\u007f]*$/;
