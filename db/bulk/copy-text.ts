/** Pieces of at least so many bytes: larger ones are no faster, and leave the worker larger (bench/README.md). */
const PIECE_BYTES = 60 * 1024;
/** For the line that makes a piece full, unless it is a long one. */
const MEMORY_BYTES = 64 * 1024;
const BACKSLASH = 0x5c;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const UUID_BYTES = 36;
/** Of a record's line beside its data: number, id, two NULLs, version, moment. */
const REST_BYTES_MAX = 128;
const NULLS = Buffer.from("\t\\N\t\\N\t");

/** Where a line of a backup has what is copied of a record. */
export interface CopiedRecord {
  idStart: number;
  versionStart: number;
  versionEnd: number;
  createdStart: number;
  createdEnd: number;
  dataStart: number;
  dataEnd: number;
}

/**
 * Puts COPY text together from texts and from bytes of which no text is made. In memory that is used again: fresh memory
 * for each piece would have the garbage collector run as often as all else that is read and written together.
 */
export class CopyText {
  private memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  /** That of the last piece, which may still be on its way. */
  private given = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  private length = 0;
  private from: Buffer = NULLS;
  /** The first backslash in `from` that is not before what was copied last. */
  private backslashAt = Infinity;

  /** Enough for a piece. */
  get isFull(): boolean {
    return this.length >= PIECE_BYTES;
  }

  /** Records are copied from these bytes from now on. */
  readFrom(bytes: Buffer): void {
    this.from = bytes;
    this.backslashAt = -1;
  }

  add(text: string): void {
    this.makeRoom(text.length * 3);
    this.length += this.memory.write(text, this.length);
  }

  /** A record as a row (see `restoredLine`). Records come in the order in which they stand. */
  addRecord(row: number, at: CopiedRecord): void {
    this.makeRoom(2 * (at.dataEnd - at.dataStart) + REST_BYTES_MAX);
    this.length += this.memory.write(String(row), this.length, "latin1");
    this.memory[this.length++] = TAB;
    this.copyEscaped(at.dataStart, at.dataEnd);
    this.memory[this.length++] = TAB;
    this.copy(this.from, at.idStart, at.idStart + UUID_BYTES);
    this.copy(NULLS, 0, NULLS.length);
    this.copy(this.from, at.versionStart, at.versionEnd);
    this.memory[this.length++] = TAB;
    this.copy(this.from, at.createdStart, at.createdEnd);
    this.memory[this.length++] = LINE_FEED;
  }

  /** What has been put together since the last piece, good until the next one is taken; undefined when that is nothing. */
  take(): Buffer | undefined {
    if (this.length === 0) return undefined;
    const piece = this.memory.subarray(0, this.length);
    const next = this.given.length > MEMORY_BYTES ? Buffer.allocUnsafeSlow(MEMORY_BYTES) : this.given;
    this.given = this.memory;
    this.memory = next;
    this.length = 0;
    return piece;
  }

  /** JSON has no tab and no line feed of its own: the backslash is all that COPY could misread. */
  private copyEscaped(start: number, end: number): void {
    let at = start;
    for (let found = this.nextBackslash(at); found < end; found = this.nextBackslash(at)) {
      this.length += this.from.copy(this.memory, this.length, at, found + 1);
      this.memory[this.length++] = BACKSLASH;
      at = found + 1;
    }
    this.length += this.from.copy(this.memory, this.length, at, end);
  }

  /** Searched for once, not once a record: most have none. */
  private nextBackslash(start: number): number {
    if (this.backslashAt < start) {
      const found = this.from.indexOf(BACKSLASH, start);
      this.backslashAt = found === -1 ? Infinity : found;
    }
    return this.backslashAt;
  }

  /** For so few bytes a loop is faster than a call. */
  private copy(from: Uint8Array, start: number, end: number): void {
    const { memory } = this;
    let { length } = this;
    for (let i = start; i < end; i++) memory[length++] = from[i]!;
    this.length = length;
  }

  private makeRoom(wanted: number): void {
    if (this.length + wanted <= this.memory.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.length + wanted));
    this.memory.copy(larger, 0, 0, this.length);
    this.memory = larger;
  }
}
