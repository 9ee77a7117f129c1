/** Longest field name made from a header, in characters; room is left for the number that makes it unique. */
const NAME_CHARS_MAX = 56;

/** What a field name may be: it begins with a letter or "_", goes on with letters, digits, marks, "_". */
const FIELD_NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]{0,63}$/u;

/** True for a name that can be a key of a record's data. */
export function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name) && name !== "__proto__";
}

/**
 * A field name for each header, in order: camelCase, unique without regard to case, letters of every script kept ("Cost
 * Total $" → costTotal, "国" → 国). A header without letters or digits becomes columnN, N being its 1-based place.
 */
export function fieldNamesOf(headers: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  return headers.map((header, index) => unique(fieldNameOf(header) || `column${index + 1}`, used));
}

function unique(base: string, used: Set<string>): string {
  let name = base;
  for (let number = 2; used.has(name.toLowerCase()); number++) {
    name = /\d$/.test(base) ? `${base}_${number}` : `${base}${number}`;
  }
  used.add(name.toLowerCase());
  return name;
}

function fieldNameOf(header: string): string {
  const words = header.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const name = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join("");
  const clipped = [...name].slice(0, NAME_CHARS_MAX).join("");
  if (clipped === "") return "";
  return /^\p{L}/u.test(clipped) ? clipped : `column${upperFirst(clipped)}`;
}

/** "Entry" → entry, "entryDate" stays, "EntryDate" → entryDate, "URLPath" → urlPath, "ID" → id. */
function lowerFirst(word: string): string {
  if (word === word.toUpperCase()) return word.toLowerCase();
  return word.replace(/^\p{Lu}+(?=\p{Lu}\p{Ll})|^\p{Lu}/u, (letters) => letters.toLowerCase());
}

function upperFirst(word: string): string {
  const [first = "", ...rest] = word;
  const tail = rest.join("");
  const isShout = word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();
  return first.toUpperCase() + (isShout ? tail.toLowerCase() : tail);
}
