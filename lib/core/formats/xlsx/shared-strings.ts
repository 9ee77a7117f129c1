import type { Scratch } from "../types";
import { GT, INCOMPLETE, LT, SLASH, elementText, endOfTag, localName, skipMarkup } from "./markup";
import { ReadStop } from "../read-stop";
import { TextPages } from "./text-pages";
import { TEXT_CLASS, TEXT_END, decodeText, isAscii, isVerbatim } from "./text";

/** The offset's top bit says that the string is not ASCII; the rest addresses the text. */
const MULTI_BYTE_FLAG = 0x8000_0000;
const ENDS_SHIFT = 16;
const ENDS_IN_BLOCK = 1 << ENDS_SHIFT;
const CACHE_SLOTS = 16_384;
const CACHED_BYTES_MAX = 256;

/**
 * The workbook's table of texts: all of them as UTF-8, end to end, with the end of each. A million strings cost their
 * bytes, most of them outside memory when there is a scratch, and four bytes more each, where JavaScript strings would
 * cost several times that. Texts are decoded when asked for; short ones that come again are kept.
 */
export class SharedStrings {
  count = 0;
  /** True once the table is complete. */
  done = false;
  /** Why its texts are not to be trusted, though all of them are there. */
  suspect: ReadStop | undefined;
  private readonly text: TextPages;
  /** In blocks: one array that grows would be copied again and again, and need twice the room meanwhile. */
  private readonly ends: Uint32Array[] = [];
  private readonly cacheKeys = new Int32Array(CACHE_SLOTS).fill(-1);
  private readonly cache: string[] = new Array<string>(CACHE_SLOTS).fill("");
  /** Texts asked for once. Only the second time is a text kept, or the many that never come again would push out the few that do. */
  private readonly askedFor = new Int32Array(CACHE_SLOTS).fill(-1);

  constructor(
    private readonly cellCharsMax: number,
    scratch?: Scratch,
  ) {
    this.text = new TextPages(scratch);
  }

  at(index: number): string | undefined {
    if (index >= this.count) return undefined;
    const slot = index & (CACHE_SLOTS - 1);
    if (this.cacheKeys[slot] === index) return this.cache[slot];
    const start = index === 0 ? 0 : this.endOf(index - 1) & ~MULTI_BYTE_FLAG;
    const mark = this.endOf(index);
    const end = mark & ~MULTI_BYTE_FLAG;
    const text = this.text.text(start, end, mark < MULTI_BYTE_FLAG);
    if (this.askedFor[slot] !== index) this.askedFor[slot] = index;
    else if (end - start <= CACHED_BYTES_MAX) {
      this.cacheKeys[slot] = index;
      this.cache[slot] = text;
    }
    return text;
  }

  private endOf(index: number): number {
    return this.ends[index >>> ENDS_SHIFT]![index & (ENDS_IN_BLOCK - 1)]!;
  }

  /** The same contract as SheetScanner.scan. */
  scan(bytes: Buffer, end: number): number {
    let at = 0;
    while (!this.done) {
      while (bytes[at] !== LT) at++;
      if (at + 3 >= end) return Math.min(at, end);
      let next = this.scanPlainItem(bytes, at, end);
      if (next === INCOMPLETE) next = this.scanOther(bytes, at, end);
      if (next === INCOMPLETE) return at;
      at = next;
    }
    return at;
  }

  /** `<si><t>text</t></si>`, the shape of nearly every string. */
  private scanPlainItem(bytes: Buffer, at: number, end: number): number {
    if (bytes[at + 1] !== 0x73 || bytes[at + 2] !== 0x69 || bytes[at + 3] !== GT) return INCOMPLETE;
    if (bytes[at + 4] !== LT || bytes[at + 5] !== 0x74) return INCOMPLETE;
    let start = at + 6;
    if (bytes[start] !== GT) {
      if (bytes[start] !== 0x20) return INCOMPLETE;
      while (start < end && bytes[start] !== GT) start++;
      if (start >= end || bytes[start - 1] === SLASH) return INCOMPLETE;
    }
    start++;
    if (start > end) return INCOMPLETE;
    let classes = 0;
    let i = start;
    for (;;) {
      const found = TEXT_CLASS[bytes[i]!]!;
      if (found === TEXT_END) break;
      classes |= found;
      i++;
    }
    if (i + 9 > end || bytes[i + 1] !== SLASH || bytes[i + 2] !== 0x74 || bytes[i + 3] !== GT)
      return INCOMPLETE;
    if (bytes[i + 4] !== LT || bytes[i + 5] !== SLASH || bytes[i + 8] !== GT) return INCOMPLETE;
    if (!isVerbatim(classes)) this.addText(decodeText(bytes, start, i, classes));
    else this.add(bytes, start, i, isAscii(classes));
    return i + 9;
  }

  private scanOther(bytes: Buffer, at: number, end: number): number {
    const first = bytes[at + 1]!;
    if (first === 0x21 || first === 0x3f) return skipMarkup(bytes, at, end);
    const close = endOfTag(bytes, at, end);
    if (close === INCOMPLETE) return INCOMPLETE;
    if (first === SLASH) {
      this.done = localName(bytes, at + 2, close) === "sst";
      return close;
    }
    const name = localName(bytes, at + 1, close);
    if (name !== "si") {
      this.done = name === "sst" && bytes[close - 2] === SLASH;
      return close;
    }
    const item = elementText(bytes, at, end, "runs");
    if (!item) return INCOMPLETE;
    this.addText(item.text);
    return item.next;
  }

  private addText(text: string) {
    const bytes = Buffer.from(text);
    this.add(bytes, 0, bytes.length, bytes.length === text.length);
  }

  private add(bytes: Buffer, start: number, end: number, ascii: boolean) {
    const length = end - start;
    if (length > this.cellCharsMax * 4) throw new ReadStop("cell-too-long", `a text of ${length} bytes`);
    this.text.append(bytes, start, end);
    const at = this.count & (ENDS_IN_BLOCK - 1);
    if (at === 0) this.ends.push(new Uint32Array(ENDS_IN_BLOCK));
    const { size } = this.text;
    this.ends[this.ends.length - 1]![at] = ascii ? size : (size | MULTI_BYTE_FLAG) >>> 0;
    this.count++;
  }
}
