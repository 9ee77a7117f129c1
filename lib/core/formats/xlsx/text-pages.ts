import type { Scratch } from "../types";
import { asciiText } from "../ascii-text";
import { ReadStop } from "../read-stop";

const PAGE_SHIFT = 14;
/** Small enough that a text somewhere in the middle costs no long reading. */
export const TEXT_PAGE_BYTES = 1 << PAGE_SHIFT;
const OFFSET_IN_PAGE = TEXT_PAGE_BYTES - 1;
/** Offsets must leave the top bit of 32 to whoever keeps them. */
const TEXT_BYTES_MAX = 0x4000_0000;

export interface TextPagesRoom {
  /** Pages from the front that never leave memory: what a workbook repeats comes early. */
  pinnedPages: number;
  /** Pages read back from the scratch that are kept at a time. */
  framePages: number;
}

const ROOM: TextPagesRoom = { pinnedPages: 256, framePages: 256 };

/**
 * Bytes that are appended in order and read back by offset. The first 4 MiB, and everything when there is no scratch,
 * stay in memory; further pages go to the scratch, and the last 256 that were wanted again are kept (4 MiB more).
 */
export class TextPages {
  /** Bytes appended so far. */
  size = 0;
  private tail = Buffer.allocUnsafeSlow(TEXT_PAGE_BYTES);
  /** By page number; undefined when the page is only in the scratch. The last one is the tail. */
  private readonly inMemory: (Buffer | undefined)[] = [this.tail];
  private readonly frames: Buffer[] = [];
  /** Page that each frame holds. */
  private readonly framePage: number[] = [];
  private nextFrame = 0;

  constructor(
    private readonly scratch: Scratch | undefined,
    private readonly room: TextPagesRoom = ROOM,
  ) {}

  /** @throws ReadStop when there would be more than 1 GiB */
  append(bytes: Buffer, start: number, end: number): void {
    const { tail, size } = this;
    const length = end - start;
    const at = size & OFFSET_IN_PAGE;
    if (at + length >= TEXT_PAGE_BYTES) return this.appendAcross(bytes, start, end);
    // A call into the runtime costs more than a short loop.
    if (length > 64) bytes.copy(tail, at, start, end);
    else for (let from = start, to = at; from < end;) tail[to++] = bytes[from++]!;
    this.size = size + length;
  }

  private appendAcross(bytes: Buffer, start: number, end: number): void {
    if (this.size + end - start > TEXT_BYTES_MAX) {
      throw new ReadStop("archive-too-large", "the workbook's texts take more than 1 GiB of memory");
    }
    for (let from = start; from < end;) {
      const at = this.size & OFFSET_IN_PAGE;
      const to = Math.min(end, from + TEXT_PAGE_BYTES - at);
      bytes.copy(this.tail, at, from, to);
      this.size += to - from;
      from = to;
      if ((this.size & OFFSET_IN_PAGE) === 0) this.turn();
    }
  }

  /** The tail is full: puts it where it stays, and begins another. */
  private turn(): void {
    const { inMemory, scratch, tail } = this;
    const page = inMemory.length - 1;
    if (scratch === undefined || page < this.room.pinnedPages) {
      this.tail = Buffer.allocUnsafeSlow(TEXT_PAGE_BYTES);
    } else {
      scratch.append(tail);
      inMemory[page] = undefined;
    }
    inMemory.push(this.tail);
  }

  /** The text of the bytes [start, end), all of which have been appended. */
  text(start: number, end: number, isAscii: boolean): string {
    const page = start >>> PAGE_SHIFT;
    const from = start & OFFSET_IN_PAGE;
    const to = from + end - start;
    if (to > TEXT_PAGE_BYTES) return this.gather(start, end).toString(isAscii ? "latin1" : "utf8");
    const bytes = this.inMemory[page] ?? this.fetch(page);
    return isAscii ? asciiText(bytes, from, to) : bytes.toString("utf8", from, to);
  }

  private gather(start: number, end: number): Buffer {
    const whole = Buffer.allocUnsafe(end - start);
    for (let at = start; at < end;) {
      const page = at >>> PAGE_SHIFT;
      const from = at & OFFSET_IN_PAGE;
      const to = Math.min(TEXT_PAGE_BYTES, from + end - at);
      const bytes = this.inMemory[page] ?? this.fetch(page);
      bytes.copy(whole, at - start, from, to);
      at += to - from;
    }
    return whole;
  }

  /** Reads a page back, in place of the one that was read back longest ago. */
  private fetch(page: number): Buffer {
    const { frames, framePage, inMemory, room } = this;
    const frame = this.nextFrame;
    this.nextFrame = (frame + 1) % room.framePages;
    const held = framePage[frame];
    if (held !== undefined) inMemory[held] = undefined;
    const bytes = (frames[frame] ??= Buffer.allocUnsafeSlow(TEXT_PAGE_BYTES));
    // Only with a scratch are pages not in memory.
    this.scratch!.read(page - room.pinnedPages, bytes);
    framePage[frame] = page;
    inMemory[page] = bytes;
    return bytes;
  }
}
