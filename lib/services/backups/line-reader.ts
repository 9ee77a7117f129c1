const LINE_FEED = 0x0a;

/** Reads lines, each ended by LF, from pieces that are cut anywhere. */
export class LineReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.source = pieces[Symbol.asyncIterator]();
  }

  /** The next lines, in pieces of any size; fewer when there are no more. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0 && (await this.fill());) {
      let end = 0;
      for (; left > 0 && end < this.held.length; left--) {
        const lineFeedAt = this.held.indexOf(LINE_FEED, end);
        end = lineFeedAt === -1 ? this.held.length : lineFeedAt + 1;
        if (lineFeedAt === -1) break;
      }
      const lines = this.held.subarray(0, end);
      this.held = this.held.subarray(end);
      yield lines;
    }
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (await this.fill()) {
      const lines = this.held;
      this.held = new Uint8Array(0);
      yield lines;
    }
  }

  /** Stops the source, which may have more. */
  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async fill(): Promise<boolean> {
    while (this.held.length === 0) {
      const next = await this.source.next();
      if (next.done) return false;
      this.held = next.value;
    }
    return true;
  }
}
