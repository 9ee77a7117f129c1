import { ReadStop } from "./read-stop";

/**
 * Reads a stream of bytes piece by piece: takes what is certain from [0, end) and returns how many bytes that was. The
 * rest is given again with more behind it. `bytes[end]` is "<" and a few bytes more may be looked at.
 */
export interface Scanner {
  scan(bytes: Buffer, end: number): number;
}

const LT = 0x3c;

/** Spare bytes behind the sentinel, so that a look a few bytes ahead stays inside. */
const SPARE_BYTES = 16;

/** Hands chunks to a scanner, each with what the scanner left of the one before in front of it. */
export class ScanWindow {
  private bytes = Buffer.allocUnsafe(1 << 13);
  private used = 0;
  /** Bytes the scanner has taken in all: the offset in the stream of what it is given next. */
  taken = 0;
  /** A cell larger than the window is tried again only when twice as much is there: linear, not quadratic. */
  private retryAt = 0;

  constructor(
    private readonly scanner: Scanner,
    private readonly pendingBytesMax: number,
  ) {}

  push(chunk: Uint8Array): void {
    const end = this.used + chunk.length;
    if (end + SPARE_BYTES > this.bytes.length) {
      const wider = Buffer.allocUnsafe(2 * (end + SPARE_BYTES));
      this.bytes.copy(wider, 0, 0, this.used);
      this.bytes = wider;
    }
    this.bytes.set(chunk, this.used);
    this.used = end;
    if (end >= this.retryAt) this.scan();
  }

  /** After the last chunk; returns the number of bytes the scanner left. */
  finish(): number {
    this.scan();
    return this.used;
  }

  private scan() {
    this.bytes[this.used] = LT;
    const taken = this.scanner.scan(this.bytes, this.used);
    this.bytes.copyWithin(0, taken, this.used);
    this.used -= taken;
    this.taken += taken;
    this.retryAt = taken === 0 ? this.used * 2 : 0;
    if (this.used > this.pendingBytesMax) {
      throw new ReadStop("cell-too-long", `a cell takes more than ${this.pendingBytesMax} bytes`);
    }
  }
}
