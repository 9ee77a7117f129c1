import { asciiText } from "../ascii-text";
import { GT, INCOMPLETE, LT, SLASH, elementText, endOfTag, localName, skipMarkup } from "./markup";
import { ReadStop } from "../read-stop";
import { TEXT_CLASS, TEXT_END, decodeText, isAscii, isVerbatim } from "./text";

/** The offset's top bit says that the string is not ASCII; the rest addresses the text. */
const MULTI_BYTE_FLAG = 0x8000_0000;
const TEXT_BYTES_MAX = 0x4000_0000;
const CACHE_SLOTS = 16_384;
const CACHED_BYTES_MAX = 256;

/**
 * The workbook's table of texts: all of them as UTF-8 in one buffer, with the end of each. A million strings cost their
 * bytes and four more each, where JavaScript strings would cost several times that. Texts are decoded when asked for;
 * short ones that come again are kept.
 */
export class SharedStrings {
  count = 0;
  /** True once the table is complete. */
  done = false;
  /** Why its texts are not to be trusted, though all of them are there. */
  suspect: ReadStop | undefined;
  private text: Buffer;
  private textEnd = 0;
  private ends = new Uint32Array(1 << 12);
  private readonly cacheKeys = new Int32Array(CACHE_SLOTS).fill(-1);
  private readonly cache: string[] = new Array<string>(CACHE_SLOTS).fill("");

  /** `partBytes` is the size the part is declared to have; memory is only touched as it fills. */
  constructor(
    partBytes: number,
    private readonly cellCharsMax: number,
  ) {
    this.text = Buffer.allocUnsafeSlow(Math.min(Math.max(partBytes, 1 << 16), 1 << 28));
  }

  at(index: number): string | undefined {
    if (index >= this.count) return undefined;
    const slot = index & (CACHE_SLOTS - 1);
    if (this.cacheKeys[slot] === index) return this.cache[slot];
    const start = index === 0 ? 0 : this.ends[index - 1]! & ~MULTI_BYTE_FLAG;
    const mark = this.ends[index]!;
    const end = mark & ~MULTI_BYTE_FLAG;
    const text =
      mark >= MULTI_BYTE_FLAG ? this.text.toString("utf8", start, end) : asciiText(this.text, start, end);
    if (end - start <= CACHED_BYTES_MAX) {
      this.cacheKeys[slot] = index;
      this.cache[slot] = text;
    }
    return text;
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
    else {
      const length = i - start;
      this.reserve(length);
      const target = this.text;
      if (length > 64) bytes.copy(target, this.textEnd, start, i);
      else for (let from = start, to = this.textEnd; from < i;) target[to++] = bytes[from++]!;
      this.add(length, isAscii(classes));
    }
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
    const length = Buffer.byteLength(text);
    this.reserve(length);
    this.text.write(text, this.textEnd);
    this.add(length, length === text.length);
  }

  private add(length: number, ascii: boolean) {
    if (length > this.cellCharsMax * 4) throw new ReadStop("cell-too-long", `a text of ${length} bytes`);
    if (this.count === this.ends.length) {
      const wider = new Uint32Array(this.ends.length * 2);
      wider.set(this.ends);
      this.ends = wider;
    }
    this.textEnd += length;
    this.ends[this.count++] = ascii ? this.textEnd : (this.textEnd | MULTI_BYTE_FLAG) >>> 0;
  }

  private reserve(length: number) {
    const needed = this.textEnd + length;
    if (needed <= this.text.length) return;
    if (needed > TEXT_BYTES_MAX) {
      throw new ReadStop("archive-too-large", "the workbook's texts take more than 1 GiB of memory");
    }
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, this.text.length * 2));
    this.text.copy(wider, 0, 0, this.textEnd);
    this.text = wider;
  }
}
