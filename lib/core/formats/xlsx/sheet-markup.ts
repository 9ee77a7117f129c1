import { wholeNumber } from "./cell-values";
import { GT } from "./markup";

/* The markup that makes up nearly all of a worksheet, told by its bytes. */

export const PRESERVE = ' xml:space="preserve">';

/** The attribute that nearly every `<t>` with attributes has. The bytes looked at leave no room for another reading. */
export function isPreserve(bytes: Buffer, at: number): boolean {
  return (
    bytes[at + 1] === 0x78 &&
    bytes[at + 5] === 0x73 &&
    bytes[at + 11] === 0x22 &&
    bytes[at + 12] === 0x70 &&
    bytes[at + 19] === 0x65 &&
    bytes[at + 20] === 0x22 &&
    bytes[at + 21] === GT
  );
}

/** Whether the name at `at` is "row", without a prefix. */
export function isRow(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x72 && bytes[at + 1] === 0x6f && bytes[at + 2] === 0x77 && bytes[at + 3]! <= GT;
}

/** The attribute `r` of a row's tag, -1 when it has none. */
export function statedRow(bytes: Buffer, at: number, close: number): number {
  if (bytes[at + 5] === 0x72 && bytes[at + 6] === 0x3d && bytes[at + 4] === 0x20) {
    let end = at + 8;
    while (bytes[end]! >= 0x30 && bytes[end]! <= 0x39) end++;
    if (bytes[end] === bytes[at + 7]) return wholeNumber(bytes, at + 8, end);
  }
  return Number(/\sr\s*=\s*["'](\d+)["']/.exec(bytes.toString("latin1", at, close))?.[1] ?? -1);
}

export function isMarkup(first: number): boolean {
  return first === 0x21 || first === 0x3f;
}

/** ` t="s">` at an offset, the end of most start tags of cells with text. */
export function isSharedType(bytes: Buffer, at: number): boolean {
  return isType(bytes, at) && bytes[at + 4] === 0x73 && bytes[at + 5] === 0x22 && bytes[at + 6] === GT;
}

/** ` t="inlineStr">` at an offset. */
export function isInlineType(bytes: Buffer, at: number): boolean {
  return (
    isType(bytes, at) &&
    bytes[at + 4] === 0x69 &&
    bytes[at + 12] === 0x72 &&
    bytes[at + 13] === 0x22 &&
    bytes[at + 14] === GT
  );
}

function isType(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x20 && bytes[at + 1] === 0x74 && bytes[at + 2] === 0x3d && bytes[at + 3] === 0x22;
}
