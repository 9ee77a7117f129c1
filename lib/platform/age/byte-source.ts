/** Bytes that are looked at before they are taken. Ends its source however it is left, through `close`. */
export class ByteSource {
  /** Read, and not taken yet. */
  held: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Uint8Array>;
  private ended = false;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  /** Holds more than before; false when there is no more. */
  async more(): Promise<boolean> {
    while (!this.ended) {
      const next = await this.source.next();
      if (next.done) this.ended = true;
      else if (next.value.length > 0) {
        this.held = Buffer.concat([this.held, next.value]);
        return true;
      }
    }
    return false;
  }

  /** The first `size` bytes of what is held. */
  take(size: number): Buffer {
    const taken = this.held.subarray(0, size);
    this.held = this.held.subarray(size);
    return taken;
  }

  /** Everything from here on. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.held.length > 0) yield this.take(this.held.length);
    while (!this.ended) {
      const next = await this.source.next();
      if (next.done) this.ended = true;
      else yield next.value;
    }
  }

  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.source.return?.();
  }
}
