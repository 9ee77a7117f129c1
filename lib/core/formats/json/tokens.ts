import { asciiText } from "../ascii-text";

/** JSON tokens in UTF-8 bytes of which more may follow: INCOMPLETE means that the token may go on beyond `end`. */
export const INCOMPLETE = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;

/** Deeper nesting than this is made to break readers, not to hold data. */
const DEPTH_MAX = 512;

/** Bytes that are not JSON; `at` is their offset in the buffer that was being read. */
export class JsonFault extends Error {
  constructor(
    readonly at: number,
    readonly reason: string,
  ) {
    super(reason);
    this.name = "JsonFault";
  }
}

/** Offset of the next byte that is not white space, at most `end`. */
export function skipSpace(bytes: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    i++;
  }
  return i;
}

/** A value that was read: its raw text, and the offset after it. */
export class ValueReader {
  text = "";

  /**
   * Reads the value at `at` into `text` and returns the offset after it. Strings are decoded; numbers keep the digits
   * they are written with; null is ""; objects and arrays are JSON text without white space. NUL characters, which no
   * database stores, are left out.
   */
  read(bytes: Buffer, at: number, end: number): number {
    const first = bytes[at]!;
    if (first === QUOTE) return this.readString(bytes, at, end);
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return this.readNested(bytes, at, end);
    return this.readWord(bytes, at, end);
  }

  readString(bytes: Buffer, at: number, end: number): number {
    let classes = 0;
    let i = at + 1;
    for (;;) {
      if (i >= end) return INCOMPLETE;
      const byte = bytes[i]!;
      if (byte === QUOTE) break;
      if (byte < 0x20)
        throw new JsonFault(i, "a text holds a line end or control character; it may lack its closing quote");
      if (byte === BACKSLASH) {
        classes |= 2;
        i++;
      } else if (byte >= 0x80) classes |= 1;
      i++;
    }
    if (classes === 0) this.text = asciiText(bytes, at + 1, i);
    else if (classes === 1) this.text = bytes.toString("utf8", at + 1, i);
    else this.text = unescape(bytes, at, i + 1);
    return i + 1;
  }

  private readWord(bytes: Buffer, at: number, end: number): number {
    let i = at;
    while (i < end && isWordByte(bytes[i]!)) i++;
    if (i >= end) return INCOMPLETE;
    const word = bytes.toString("latin1", at, i);
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(word) || word === "true" || word === "false") {
      this.text = word;
    } else if (word === "null") this.text = "";
    else if (word === "") throw new JsonFault(at, `${shown(bytes, at)} stands where a value should`);
    else throw new JsonFault(at, `"${word.slice(0, 40)}" is no JSON value`);
    return i;
  }

  private readNested(bytes: Buffer, at: number, end: number): number {
    const after = skipNested(bytes, at, end);
    if (after === INCOMPLETE) return INCOMPLETE;
    const text = bytes.toString("utf8", at, after);
    try {
      JSON.parse(text);
    } catch {
      throw new JsonFault(at, "a nested object or list is not valid JSON");
    }
    this.text = withoutSpace(text);
    return after;
  }
}

function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x5f
  );
}

function unescape(bytes: Buffer, at: number, after: number): string {
  try {
    const text = JSON.parse(bytes.toString("utf8", at, after)) as string;
    return text.includes("\0") ? text.replaceAll("\0", "") : text;
  } catch {
    throw new JsonFault(at, "a text holds an escape that JSON does not know");
  }
}

/** Offset after the object or array at `at`, by its brackets alone. */
export function skipNested(bytes: Buffer, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = endOfString(bytes, i, end) - 1;
      if (i < 0) return INCOMPLETE;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > DEPTH_MAX) throw new JsonFault(i, `values are nested more than ${DEPTH_MAX} deep`);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth === 0) return i + 1;
    }
  }
  return INCOMPLETE;
}

function endOfString(bytes: Buffer, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i++;
  }
  return INCOMPLETE;
}

/** JSON text without the white space between its tokens; numbers and texts stay exactly as written. */
function withoutSpace(text: string): string {
  return text.replace(
    /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g,
    (_space, string: string | undefined) => string ?? "",
  );
}

export function shown(bytes: Buffer, at: number): string {
  const byte = bytes[at]!;
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
}
