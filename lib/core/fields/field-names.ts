import { storableText } from "@/lib/core/fields/clean";

/** Longest field name, in UTF-16 units, as the API has it. */
const NAME_LENGTH_MAX = 63;
/** Longest name made from a header: room is left for the number that makes it unique. */
const DERIVED_LENGTH_MAX = 56;
const LABEL_LENGTH_MAX = 200;

/** What a field name may be: it begins with a letter or "_", goes on with letters, digits, marks, "_". */
const FIELD_NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;

/** True for a name that can be a key of a record's data. */
export function isFieldName(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && FIELD_NAME.test(name) && name !== "__proto__";
}

/** The label of a field made from a header: on one line, at most 200 characters; the name where nothing is left. */
export function fieldLabelOf(header: string, name: string): string {
  const line = storableText(header).replace(/\s+/g, " ").trim();
  return storableText(line.slice(0, LABEL_LENGTH_MAX)).trim() || name;
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
  // A pair of surrogates cut in two is no letter; its first half goes as well.
  const clipped = name.slice(0, DERIVED_LENGTH_MAX).replace(/[\ud800-\udbff]$/, "");
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
