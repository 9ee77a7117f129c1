const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5] as const;
const IDLE = "I".charCodeAt(0);

/** What the server last said: its answer to a query ends with ReadyForQuery, which names the transaction's state. */
export class ProtocolState {
  /** The last words of the server, as many as its ReadyForQuery has bytes. */
  private tail: Buffer = Buffer.alloc(0);
  private isAnswered = true;
  inTransaction = false;

  /** A transaction is open, and nothing of it is on its way. */
  get isResting(): boolean {
    return this.inTransaction && this.isAnswered;
  }

  sent(): void {
    this.isAnswered = false;
  }

  received(data: Buffer): void {
    const length = READY_FOR_QUERY.length + 1;
    this.tail =
      data.length >= length ? data.subarray(-length) : Buffer.concat([this.tail, data]).subarray(-length);
    if (this.tail.length < length || READY_FOR_QUERY.some((byte, i) => this.tail[i] !== byte)) return;
    this.isAnswered = true;
    this.inTransaction = this.tail[length - 1] !== IDLE;
  }
}
