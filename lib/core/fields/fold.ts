/** Letters that Unicode does not decompose into a base letter and a mark. */
const UNDECOMPOSED: Record<string, string> = {
  đ: "d",
  ø: "o",
  ł: "l",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ı: "i",
  ð: "d",
};

/**
 * A comparison key: case, accents, spaces and punctuation do not count ("Entry_Date" = "entry date" = "ÉNTRY-DATE").
 * Letters and digits of every script stay, so that "국가" and "国" keep a key of their own.
 */
export function foldText(text: string): string {
  const marked = text.normalize("NFKD").toLowerCase();
  // Only marks of Latin, Greek and Cyrillic letters go: a Japanese voiced mark changes the word.
  return marked
    .replace(/[đøłßæœıð]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
}
