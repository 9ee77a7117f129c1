import { asciiText } from "../ascii-text";

/**
 * Text of an XML element, straight from its UTF-8 bytes. The scanners classify each byte by TEXT_CLASS while they look
 * for the end of the text; the classes they met decide which decoder is needed, so that plain ASCII costs least.
 */
export const TEXT_END = 1;
const MARKUP = 2;
const ESCAPE = 4;
const MULTI_BYTE = 8;

/** Class bits of each byte: "<" ends a text; "&" and CR need XML decoding; "_" may begin "_x000D_". */
export const TEXT_CLASS = new Uint8Array(256);
TEXT_CLASS[0x3c] = TEXT_END;
TEXT_CLASS[0x26] = MARKUP;
TEXT_CLASS[0x0d] = MARKUP;
TEXT_CLASS[0x5f] = ESCAPE;
TEXT_CLASS.fill(MULTI_BYTE, 0x80);

/** True when text of these classes reads the same before and after decoding, whatever its bytes. */
export function isVerbatim(classes: number): boolean {
  return (classes & (MARKUP | ESCAPE)) === 0;
}

export function isAscii(classes: number): boolean {
  return (classes & MULTI_BYTE) === 0;
}

/** Text between tags: bytes [start, end) of `bytes`, whose class bits were or-ed into `classes`. */
export function decodeText(bytes: Buffer, start: number, end: number, classes: number): string {
  if ((classes & (MARKUP | ESCAPE | MULTI_BYTE)) === 0) return asciiText(bytes, start, end);
  let text = bytes.toString("utf8", start, end);
  if ((classes & MARKUP) !== 0) text = decodeXml(text);
  if ((classes & ESCAPE) !== 0) text = decodeEscapes(text);
  return text;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** XML 1.0 newline normalisation, then character and predefined entity references; unknown ones stay as written. */
export function decodeXml(text: string): string {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (!lines.includes("&")) return lines;
  return lines.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? whole;
    const code = decimal === undefined ? parseInt(String(hex), 16) : parseInt(String(decimal), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * ST_Xstring escapes of ECMA-376 22.9.2.19: "_x000D_" is a carriage return, "_x005F_" an underscore. "_x0000_" stays as
 * written: no store of text takes a NUL.
 */
export function decodeEscapes(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (whole, hex) => {
    const code = parseInt(String(hex), 16);
    return code === 0 ? whole : String.fromCharCode(code);
  });
}
