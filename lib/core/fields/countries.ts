import { COUNTRY_LINES } from "@/lib/core/fields/country-data";
import { foldText } from "@/lib/core/fields/fold";

const NAMES = new Set<string>();
const BY_CODE = new Map<string, string>();
const BY_SPELLING = new Map<string, string>();

for (const line of COUNTRY_LINES.trim().split("\n")) {
  const [alpha2 = "", alpha3 = "", name = "", others = ""] = line.split("|");
  NAMES.add(name);
  BY_CODE.set(alpha2, name);
  BY_CODE.set(alpha3, name);
  for (const spelling of [name, ...others.split(";")]) BY_SPELLING.set(foldText(spelling), name);
}

/** Longest country name known, with room for punctuation. */
const COUNTRY_CHARS_MAX = 80;

/**
 * The one spelling kept for a country named by any of its names or by its ISO 3166-1 code, or undefined when the text is
 * no country known here. A name that is already so spelt comes back as it is.
 */
export function countryOf(text: string): string | undefined {
  if (NAMES.has(text)) return text;
  if (text.length > COUNTRY_CHARS_MAX) return undefined;
  const code = text.toUpperCase();
  const byCode = /^[A-Za-z]{2,3}$/.test(text) ? BY_CODE.get(code) : undefined;
  // "NGA" and "nga" are Nigeria's code; "Nga" is how a Vietnamese writes Russia.
  const isWord = text.length === 3 && text !== code && text !== text.toLowerCase();
  if (byCode !== undefined && !isWord) return byCode;
  const key = foldText(text);
  return BY_SPELLING.get(key) ?? BY_SPELLING.get(key.replace(/^the/, "")) ?? byCode;
}
