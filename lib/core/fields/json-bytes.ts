// What the bytes of JSON texts are, for loops that look at hundreds of millions of them.

/** Kinds of bytes inside a JSON string; the other two are the characters themselves. */
export const PLAIN = 0;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
/** Control characters, which JSON does not allow, and what lies beyond the end. */
const CONTROL = 1;

const KINDS = new Uint8Array(256).fill(CONTROL, 0, 0x20);
KINDS[QUOTE] = QUOTE;
KINDS[BACKSLASH] = BACKSLASH;

export function kindOf(byte: number | undefined): number {
  return byte === undefined ? CONTROL : KINDS[byte]!;
}

const SHORT_ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from(`"\\bfnrt`)) SHORT_ESCAPES[byte] = 1;

/** What stands after the backslash of an escape that JSON.stringify writes as well. */
export function isShortEscape(byte: number | undefined): boolean {
  return byte !== undefined && SHORT_ESCAPES[byte] === 1;
}

/** Whether the character that begins at `at`, in JSON text as UTF-8, is none that `String.trim` takes away. */
export function hasInkAt(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]!;
  if (byte < 0x80) {
    if (byte !== BACKSLASH) return byte > 0x20;
    const escaped = bytes[at + 1];
    return escaped === QUOTE || escaped === BACKSLASH;
  }
  if (byte === 0xc2) return bytes[at + 1] !== 0xa0;
  return byte < 0xe1 || byte > 0xef || !isWideSpace(byte, bytes[at + 1]!, bytes[at + 2]!);
}

/** U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000, U+FEFF */
function isWideSpace(first: number, second: number, third: number): boolean {
  if (first === 0xe2 && second === 0x80) {
    return third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf;
  }
  return (
    (first === 0xe2 && second === 0x81 && third === 0x9f) ||
    (first === 0xe3 && second === 0x80 && third === 0x80) ||
    (first === 0xe1 && second === 0x9a && third === 0x80) ||
    (first === 0xef && second === 0xbb && third === 0xbf)
  );
}
