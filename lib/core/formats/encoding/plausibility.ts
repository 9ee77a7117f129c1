import iconv from "iconv-lite";
import { letterWorth, type Alphabet } from "./alphabets";

/**
 * How plausible it is that bytes are text in a legacy encoding: the mean worth per non-ASCII byte, about 1 for clean
 * text and below 0 for mojibake. Only the surroundings of non-ASCII characters count.
 */
export function singleBytePlausibility(bytes: Buffer, alphabet: Alphabet): number {
  const text = iconv.decode(bytes, alphabet.encoding);
  let worth = 0;
  let count = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x80) {
      run = 0;
      continue;
    }
    const char = text.charAt(at);
    count++;
    run++;
    worth += char === "\uFFFD" || (char >= "\u0080" && char <= "\u009f") ? -3 : letterWorth(alphabet, char);
    worth += contextWorth(text, at, alphabet.script, run);
  }
  return count === 0 ? 0 : worth / count;
}

/** Accents stand among ASCII letters; other scripts keep to themselves; no capital follows a small letter. */
function contextWorth(text: string, at: number, script: Alphabet["script"], run: number): number {
  const char = text.charAt(at);
  if (!/\p{L}/u.test(char)) return 0;
  const before = text.charAt(at - 1);
  const after = text.charAt(at + 1);
  let worth = 0;
  if (char !== char.toLowerCase() && /\p{Ll}/u.test(before)) worth -= 1;
  const latinBeside = /[a-zA-Z]/.test(before) || /[a-zA-Z]/.test(after);
  if (script === "whole") return worth + (latinBeside ? -0.8 : 0) + finalFormWorth(char, after);
  if (run >= 3) worth -= 0.8;
  else if (!latinBeside && /[^\x00-\x7f]/.test(before + after)) worth -= 0.4;
  return worth;
}

/** Letters with a form of their own at the end of a word, in Greek and Hebrew. */
const FINAL_FORMS = "ςךםןףץ";
const OTHER_FORMS = "σכמנפצ";

function finalFormWorth(char: string, after: string): number {
  const wordEnds = !/\p{L}/u.test(after);
  if (FINAL_FORMS.includes(char)) return wordEnds ? 0.2 : -1;
  return OTHER_FORMS.includes(char) && wordEnds ? -0.8 : 0;
}

/** The East Asian encodings, in order of preference. */
export const MULTI_BYTE_ENCODINGS = ["shift_jis", "euc-jp", "euc-kr", "gb18030", "big5"] as const;

/**
 * Like singleBytePlausibility; -Infinity when the bytes are not valid in the encoding. A few damaged lines among many
 * do not count.
 */
export function multiBytePlausibility(all: Buffer, encoding: (typeof MULTI_BYTE_ENCODINGS)[number]): number {
  const bytes = validLines(all, encoding);
  if (bytes === undefined) return -Infinity;
  const text = new TextDecoder(encoding).decode(bytes);
  let worth = 0;
  let count = 0;
  let kana = 0;
  for (let at = 0, byte = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      byte++;
      continue;
    }
    const size = byteSize(bytes, byte, encoding, code);
    const each = characterWorth(code, bytes[byte] ?? 0, bytes[byte + 1] ?? 0, encoding);
    if (code >= 0x3041 && code <= 0x30fe) kana++;
    const latinBeside = /[a-zA-Z]/.test(text.charAt(at - 1)) && /[a-zA-Z]/.test(text.charAt(at + 1));
    worth += (latinBeside ? Math.min(each, 0) - 0.8 : each) * size;
    count += size;
    byte += size;
    if (code >= 0xd800 && code <= 0xdbff) at++;
  }
  if (count === 0) return 0;
  // Japanese without any kana is rare; kana inside Chinese or Korean text is rarer.
  const kanaBonus = (encoding === "shift_jis" || encoding === "euc-jp" ? 0.15 : -0.6) * Math.min(1, kana / 3);
  return worth / count + kanaBonus;
}

/** The lines that are valid in the encoding; undefined when more than one in twenty is not. */
function validLines(bytes: Buffer, encoding: string): Buffer | undefined {
  if (isValid(bytes, encoding)) return bytes;
  const lines: Buffer[] = [];
  let count = 0;
  for (let at = 0; at < bytes.length; count++) {
    const end = bytes.indexOf(0x0a, at) + 1 || bytes.length;
    const line = bytes.subarray(at, end);
    if (isValid(line, encoding)) lines.push(line);
    at = end;
  }
  return lines.length >= count * 0.95 ? Buffer.concat(lines) : undefined;
}

function isValid(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function byteSize(bytes: Buffer, at: number, encoding: string, code: number): number {
  if (encoding === "shift_jis" && code >= 0xff61 && code <= 0xff9f) return 1;
  if (encoding === "euc-jp" && bytes[at] === 0x8f) return 3;
  if (encoding === "gb18030" && (bytes[at + 1] ?? 0) >= 0x30 && (bytes[at + 1] ?? 0) <= 0x39) return 4;
  return 2;
}

/** Each standard keeps its frequent characters in one block of lead bytes. */
function characterWorth(code: number, lead: number, trail: number, encoding: string): number {
  if (code >= 0xe000 && code <= 0xf8ff) return -1.5;
  if (code >= 0x3041 && code <= 0x30fe) return 1;
  if (code >= 0x3000 && code <= 0x303f) return 0.7;
  if (code >= 0xff01 && code <= 0xff5e) return 0.6;
  if (code >= 0xff61 && code <= 0xff9f) return 0.1;
  switch (encoding) {
    case "shift_jis":
      return lead >= 0x88 && lead <= 0x97 ? 0.9 : lead >= 0x98 && lead <= 0x9f ? 0.2 : -0.4;
    case "euc-jp":
      return lead >= 0xb0 && lead <= 0xcf ? 0.85 : lead >= 0xd0 && lead <= 0xf4 ? 0 : -0.4;
    case "euc-kr":
      if (lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1) return 0.9;
      return code >= 0xac00 && code <= 0xd7a3 ? -0.2 : lead >= 0xca ? 0 : -0.3;
    case "gb18030":
      return lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 ? 0.9 : lead >= 0xd8 && trail >= 0xa1 ? 0 : -0.5;
    default:
      return lead >= 0xa4 && lead <= 0xc6 ? 0.88 : lead >= 0xc9 ? -0.1 : -0.3;
  }
}
