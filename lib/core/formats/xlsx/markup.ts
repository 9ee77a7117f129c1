import { decodeEscapes, decodeXml } from "./text";

/**
 * Markup of a part that is read in pieces. Every function takes `bytes` with a "<" at `bytes[end]` and answers
 * INCOMPLETE when what it looks at goes on beyond `end`.
 */
export const INCOMPLETE = -1;

export const LT = 0x3c;
export const GT = 0x3e;
export const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;

/** Offset after the ">" of the tag that begins at `at`. A ">" inside an attribute's value does not end it. */
export function endOfTag(bytes: Buffer, at: number, end: number): number {
  let quote = 0;
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i]!;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GT) return i + 1;
    else if (byte === 0x22 || byte === 0x27) quote = byte;
  }
  return INCOMPLETE;
}

/** The name at `at` without its namespace prefix; `end` is the offset after the tag. */
export function localName(bytes: Buffer, at: number, end: number): string {
  let start = at;
  let i = at;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte <= 0x20 || byte === GT || byte === SLASH) break;
    if (byte === 0x3a) start = i + 1;
  }
  return bytes.toString("latin1", start, i);
}

/** Offset after the comment, CDATA section, declaration or processing instruction that begins at `at`. */
export function skipMarkup(bytes: Buffer, at: number, end: number): number {
  if (bytes[at + 1] === QUESTION) return after(bytes, "?>", at + 2, end);
  if (startsWith(bytes, at, "<!--", end)) return after(bytes, "-->", at + 4, end);
  if (startsWith(bytes, at, CDATA, end)) return after(bytes, "]]>", at + CDATA.length, end);
  // What may still become "<!--" or "<![CDATA[" cannot be told yet.
  return end - at < CDATA.length ? INCOMPLETE : after(bytes, ">", at + 2, end);
}

const CDATA = "<![CDATA[";

function startsWith(bytes: Buffer, at: number, text: string, end: number): boolean {
  return at + text.length <= end && bytes.toString("latin1", at, at + text.length) === text;
}

function after(bytes: Buffer, text: string, from: number, end: number): number {
  const found = bytes.indexOf(text, from, "latin1");
  return found === -1 || found + text.length > end ? INCOMPLETE : found + text.length;
}

/**
 * The text of the element whose start tag begins at `at`, and the offset after its end tag. Direct text counts for a
 * value; of a string item (`<si>`, `<is>`) only what stands in `<t>` counts, its runs joined, phonetic runs left out.
 */
export function elementText(
  bytes: Buffer,
  at: number,
  end: number,
  content: "direct" | "runs",
): { text: string; next: number } | undefined {
  let depth = 0;
  let textDepth = content === "direct" ? 1 : 0;
  let phoneticDepth = 0;
  let piece = "";
  let text = "";
  let i = at;
  for (;;) {
    if (bytes[i] !== LT) {
      let textEnd = i;
      while (bytes[textEnd] !== LT) textEnd++;
      if (textEnd >= end) return undefined;
      if (depth > 0 && depth === textDepth) piece += decodeXml(bytes.toString("utf8", i, textEnd));
      i = textEnd;
    }
    if (i + 3 >= end) return undefined;
    const first = bytes[i + 1];
    if (first === BANG || first === QUESTION) {
      const next = skipMarkup(bytes, i, end);
      if (next === INCOMPLETE) return undefined;
      if (depth > 0 && depth === textDepth && startsWith(bytes, i, CDATA, end)) {
        piece += bytes.toString("utf8", i + CDATA.length, next - 3).replace(/\r\n?/g, "\n");
      }
      i = next;
      continue;
    }
    const close = endOfTag(bytes, i, end);
    if (close === INCOMPLETE) return undefined;
    if (first === SLASH) {
      if (depth === textDepth) {
        text += decodeEscapes(piece);
        piece = "";
        if (content === "runs") textDepth = 0;
      }
      if (depth === phoneticDepth) phoneticDepth = 0;
      depth--;
    } else if (bytes[close - 2] !== SLASH) {
      depth++;
      if (content === "runs" && depth > 1) {
        const name = localName(bytes, i + 1, close);
        if (name === "rPh" && phoneticDepth === 0) phoneticDepth = depth;
        if (name === "t" && phoneticDepth === 0 && textDepth === 0) textDepth = depth;
      }
    }
    i = close;
    if (depth === 0) return { text, next: i };
  }
}
