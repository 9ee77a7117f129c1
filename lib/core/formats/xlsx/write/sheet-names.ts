const NAME_CHARS_MAX = 31;

/** The sheet that says what the workbook is; no other sheet of Ferry's bears its name. */
export const FERRY_SHEET = "Ferry";

/**
 * Names of sheets from names of anything: without what Excel forbids, at most 31 characters, unlike one another also where
 * case does not count.
 */
export class SheetNames {
  private readonly taken = new Set([FERRY_SHEET.toLowerCase(), "history"]);

  next(wanted: string): string {
    const clean =
      wanted
        .replace(/[\u0000-\u001f[\]:*?/\\]/g, "_")
        .replace(/^'+|'+$/g, "")
        .trim() || "Sheet";
    for (let n = 1; ; n++) {
      const suffix = n === 1 ? "" : ` (${n})`;
      const name = cut(clean, NAME_CHARS_MAX - suffix.length) + suffix;
      if (this.taken.has(name.toLowerCase())) continue;
      this.taken.add(name.toLowerCase());
      return name;
    }
  }
}

/** Never between the halves of a surrogate pair. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const end = /[\ud800-\udbff]/.test(text[chars - 1] ?? "") ? chars - 1 : chars;
  return text.slice(0, end).replace(/['\s]+$/, "");
}
