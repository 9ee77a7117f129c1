import { LT } from "./markup";
import { ReadStop } from "./read-stop";

/** What reads a part piece by piece; see SheetScanner.scan. */
export interface Scanner {
  readonly done: boolean;
  scan(bytes: Buffer, end: number): number;
}

/** Spare bytes behind the sentinel, so that a look a few bytes ahead stays inside. */
const SPARE_BYTES = 16;

/** Hands a part's chunks to a scanner, each with what the scanner left of the one before in front of it. */
export class ScanWindow {
  private bytes = Buffer.alloc(1 << 19);
  private used = 0;
  /** A cell larger than the window is tried again only when twice as much is there: linear, not quadratic. */
  private retryAt = 0;

  constructor(
    private readonly scanner: Scanner,
    private readonly pendingBytesMax: number,
  ) {}

  push(chunk: Uint8Array): void {
    const end = this.used + chunk.length;
    if (end + SPARE_BYTES > this.bytes.length) {
      const wider = Buffer.alloc(2 * (end + SPARE_BYTES));
      this.bytes.copy(wider, 0, 0, this.used);
      this.bytes = wider;
    }
    this.bytes.set(chunk, this.used);
    this.used = end;
    if (end >= this.retryAt) this.scan();
  }

  /** After the last chunk. */
  finish(): void {
    this.scan();
  }

  private scan() {
    this.bytes[this.used] = LT;
    const taken = this.scanner.scan(this.bytes, this.used);
    this.bytes.copyWithin(0, taken, this.used);
    this.used -= taken;
    this.retryAt = taken === 0 ? this.used * 2 : 0;
    if (this.used > this.pendingBytesMax) {
      throw new ReadStop("cell-too-long", `a cell takes more than ${this.pendingBytesMax} bytes`);
    }
  }
}
