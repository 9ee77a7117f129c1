/** What a text with this byte needs before it can stand in XML. */
export const COPY_ESCAPE = 1;
const XML_ESCAPE = 2;

/**
 * By byte: a backslash begins an escape of COPY; markup, control characters and "_" (which may begin "_x000D_") have to be
 * escaped for XML; 0xEF may begin U+FFFE or U+FFFF, which XML does not know.
 */
export const TEXT_NEEDS = new Uint8Array(256);
TEXT_NEEDS.fill(XML_ESCAPE, 0, 0x20);
for (const byte of [0x26, 0x3c, 0x3e, 0x5f, 0xef]) TEXT_NEEDS[byte] = XML_ESCAPE;
TEXT_NEEDS[0x5c] = COPY_ESCAPE | XML_ESCAPE;

const ESCAPED: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The value of a cell in the text form of COPY TO. */
export function copyText(text: string): string {
  return text.replace(/\\(.)/gs, (_, c: string) => ESCAPED[c] ?? c);
}
