const COPY_OUT_RESPONSE = "H".charCodeAt(0);
const COPY_DATA = "d".charCodeAt(0);
const COPY_DONE = "c".charCodeAt(0);
const ERROR_RESPONSE = "E".charCodeAt(0);
/** A byte for the type, and four for the length, which counts itself and what follows. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/** Memory in which there was nothing but joined data, and which is a whole of its own. */
const lent = new WeakSet<ArrayBufferLike>();
/** Such memory that is free again. A few are enough: a COPY has one or two of them under way. */
const spare: ArrayBufferLike[] = [];
const SPARE_MAX = 4;

/**
 * Gives back data of a COPY that nobody looks at any more, so that its memory is used for what comes next. Data that
 * lies elsewhere is left alone.
 */
export function giveBack(data: Uint8Array): void {
  if (lent.delete(data.buffer) && spare.length < SPARE_MAX) spare.push(data.buffer);
}

function borrow(sizeBytes: number): Buffer {
  const free = spare.pop();
  return free && free.byteLength >= sizeBytes ? Buffer.from(free) : Buffer.allocUnsafeSlow(sizeBytes);
}

/**
 * Joins the messages of a `COPY … TO STDOUT`: PostgreSQL sends one for each row, and what the driver does for each costs
 * many times as much as copying its bytes. Messages that follow each other in one piece of what was received become one,
 * and one that lies in several pieces becomes several: nothing waits for what is to come. A COPY is a stream without
 * boundaries, so that nobody can tell. Every other message passes as it is, in its place.
 */
export class CopyJoiner {
  /** A COPY to the client is under way. */
  isCopying = false;
  /** The header of the message that is being received, as far as it has come. */
  private readonly header = Buffer.alloc(HEADER_BYTES);
  private headerBytes = 0;
  /** What is still to come of it after its header. */
  private bodyBytes = 0;

  /** What to hand on of what was received, of which nothing is kept: the same buffer when there was nothing to join. */
  push(received: Buffer): Buffer {
    let run: DataRun | undefined;
    for (let at = 0; at < received.length;) {
      const wholeEnd = this.endOfWholeData(received, at);
      if (wholeEnd > 0) {
        (run ??= new DataRun(received, at)).add(at + HEADER_BYTES, wholeEnd);
        at = wholeEnd;
        continue;
      }
      const startAt = at;
      while (this.headerBytes < HEADER_BYTES && at < received.length) at = this.takeHeaderByte(received, at);
      const isData = this.isCopying && this.header[0] === COPY_DATA;
      const bodyAt = at;
      at = this.takeBody(received.length, at);
      if (isData) (run ??= new DataRun(received, startAt)).add(bodyAt, at);
      else run?.pass(startAt, at);
    }
    return run ? run.end() : received;
  }

  /** Where a message of data ends that lies in one piece, as nearly all do; 0 for anything else. */
  private endOfWholeData(received: Buffer, at: number): number {
    if (!this.isCopying || this.headerBytes > 0 || received[at] !== COPY_DATA) return 0;
    if (at + HEADER_BYTES > received.length) return 0;
    const length = received.readUInt32BE(at + 1);
    const end = at + 1 + length;
    return length >= LENGTH_BYTES && end <= received.length ? end : 0;
  }

  private takeHeaderByte(received: Buffer, at: number): number {
    this.header[this.headerBytes++] = received[at]!;
    if (this.headerBytes === HEADER_BYTES) this.bodyBytes = this.header.readUInt32BE(1) - LENGTH_BYTES;
    return at + 1;
  }

  private takeBody(end: number, at: number): number {
    if (this.headerBytes < HEADER_BYTES) return at;
    const taken = Math.max(0, Math.min(this.bodyBytes, end - at));
    this.bodyBytes -= taken;
    if (this.bodyBytes <= 0) this.endMessage();
    return at + taken;
  }

  private endMessage(): void {
    const type = this.header[0];
    if (type === COPY_OUT_RESPONSE) this.isCopying = true;
    if (type === COPY_DONE || type === ERROR_RESPONSE) this.isCopying = false;
    this.headerBytes = 0;
  }
}

/**
 * The bytes of one piece that has data in it, as they are handed on. They are moved together where they lie, which costs
 * a third of copying each to another place: what was received begins a header's length further on than what is written,
 * which therefore never comes before it. Data that goes on from an earlier piece needs a header that this one does not
 * have; all other headers were received.
 */
class DataRun {
  private readonly bytes: Buffer;
  private length: number;
  /** Where the message begins that data is added to; -1 when there is none. */
  private messageAt = -1;
  private isPure: boolean;

  constructor(received: Buffer, passed: number) {
    this.bytes = borrow(received.length + HEADER_BYTES);
    this.length = received.copy(this.bytes, 0, 0, passed);
    received.copy(this.bytes, passed + HEADER_BYTES, passed);
    this.isPure = passed === 0;
  }

  /** Data between these places of what was received. */
  add(from: number, to: number): void {
    if (from === to) return;
    if (this.messageAt < 0) {
      this.messageAt = this.length;
      this.bytes[this.length] = COPY_DATA;
      this.length += HEADER_BYTES;
    }
    this.take(from, to);
  }

  /** Other messages, or parts of them. */
  pass(from: number, to: number): void {
    this.endMessage();
    this.isPure = false;
    this.take(from, to);
  }

  end(): Buffer {
    this.endMessage();
    // A driver keeps the beginning of any other message until the rest of it has come.
    if (this.isPure) lent.add(this.bytes.buffer);
    return this.bytes.subarray(0, this.length);
  }

  private take(from: number, to: number): void {
    this.bytes.copyWithin(this.length, from + HEADER_BYTES, to + HEADER_BYTES);
    this.length += to - from;
  }

  private endMessage(): void {
    if (this.messageAt >= 0) this.bytes.writeUInt32BE(this.length - this.messageAt - 1, this.messageAt + 1);
    this.messageAt = -1;
  }
}
