/**
 * What a legacy encoding is expected to spell. `common` letters are those its languages use all the time; `letters`
 * are the rest of its alphabet in lower case (upper case is derived). Used to choose among encodings in which the same
 * bytes are all valid.
 */
export interface Alphabet {
  encoding: string;
  /** "mixed": accents among ASCII letters. "whole": words wholly in the script. */
  script: "mixed" | "whole";
  common: string;
  letters: string;
}

const TYPOGRAPHY = "€£°§«»“”„‘’‚–—…•™©®½¼²³·´¿¡ºª ";

const WESTERN = { common: "éèêàâçäöüßáíóúñãõåæø", letters: "ëïîìòôùûÿœðþýšž" };
const CENTRAL = { common: "ąćęłńóśźżčěřšžýáíéůőűăâîţş", letters: "ďňťúôľĺŕđöüäßë" };
const CYRILLIC = { common: "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", letters: "іїєґўјљњћђџѓќѕ" };
const GREEK = { common: "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ", letters: "ϊϋΐΰ" };
const TURKISH = { common: "ışğüçö", letters: "âîûéà" };
const BALTIC = { common: "āčēģīķļņšūžąęėįųõäöü", letters: "éóśźżćńłåøæŗō" };
const VIETNAMESE = { common: "ăâđêôơưàáèéìíòóùúý", letters: "ãõ\u0300\u0301\u0303\u0309\u0323" };
const HEBREW = { common: "אבגדהוזחטיכלמנסעפצקרשתםןףץך", letters: "" };
const ARABIC = { common: "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإؤئآ", letters: "پچژگکی" };
const THAI = {
  common: "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศษสหอฮะาำเแโใไ",
  letters: "ัิีึืุู็่้๊๋์ฤๆฎฏฐฑฒณฬฆฌฯ",
};

/** In order of preference when two spell a text equally well. */
export const ALPHABETS: Alphabet[] = [
  { encoding: "windows-1252", script: "mixed", ...WESTERN },
  { encoding: "windows-1250", script: "mixed", ...CENTRAL },
  { encoding: "iso-8859-2", script: "mixed", ...CENTRAL },
  { encoding: "windows-1254", script: "mixed", ...TURKISH },
  { encoding: "windows-1257", script: "mixed", ...BALTIC },
  { encoding: "windows-1258", script: "mixed", ...VIETNAMESE },
  { encoding: "iso-8859-15", script: "mixed", ...WESTERN },
  { encoding: "windows-1251", script: "whole", ...CYRILLIC },
  { encoding: "koi8-r", script: "whole", ...CYRILLIC },
  { encoding: "iso-8859-5", script: "whole", ...CYRILLIC },
  { encoding: "ibm866", script: "whole", ...CYRILLIC },
  { encoding: "windows-1253", script: "whole", ...GREEK },
  { encoding: "iso-8859-7", script: "whole", ...GREEK },
  { encoding: "windows-1255", script: "whole", ...HEBREW },
  { encoding: "windows-1256", script: "whole", ...ARABIC },
  { encoding: "windows-874", script: "whole", ...THAI },
  { encoding: "cp850", script: "mixed", ...WESTERN },
  { encoding: "macintosh", script: "mixed", ...WESTERN },
];

/** Worth of a non-ASCII character in an alphabet: above 0 it belongs, below 0 it does not. */
export function letterWorth(alphabet: Alphabet, char: string): number {
  if (alphabet.common.includes(char)) return 1;
  if (TYPOGRAPHY.includes(char)) return 0.5;
  const lower = char.toLowerCase();
  if (lower !== char && alphabet.common.includes(lower)) return 0.9;
  if (alphabet.letters.includes(lower)) return 0.4;
  return /\p{L}/u.test(char) ? -0.6 : -0.9;
}
