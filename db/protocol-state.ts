const READY_FOR_QUERY = [0x5a, 0, 0, 0, 5] as const;
const IDLE = "I".charCodeAt(0);
const ERROR_RESPONSE = "E".charCodeAt(0);
/** The severity is the second field of an ErrorResponse; what a record holds never has a NUL in it. */
const FATAL = Buffer.from("\0VFATAL\0");
/** From the beginning of an ErrorResponse to its severity there are five bytes and one short word. */
const BEFORE_SEVERITY_MAX = 40;

/** What the server said when it ended a session. */
export interface LastWord {
  code: string;
  message: string;
}

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
    // A copy: the bytes that were received may be overwritten by the next ones.
    this.tail = Buffer.concat([this.tail, data.subarray(-length)]).subarray(-length);
    if (this.tail.length < length || READY_FOR_QUERY.some((byte, i) => this.tail[i] !== byte)) return;
    this.isAnswered = true;
    this.inTransaction = this.tail[length - 1] !== IDLE;
  }

  /**
   * Where in `data` the message begins with which the server ends the session, or refuses to begin one, and what it says.
   */
  lastWordIn(data: Buffer): { at: number; word: LastWord } | undefined {
    const severityAt = data.lastIndexOf(FATAL);
    for (let at = severityAt - 6; at >= 0 && at > severityAt - BEFORE_SEVERITY_MAX; at--) {
      if (data[at] !== ERROR_RESPONSE || at + 1 + data.readUInt32BE(at + 1) !== data.length) continue;
      const fields = data.toString("utf8", at + 5).split("\0");
      const field = (type: string) => fields.find((one) => one.startsWith(type))?.slice(1);
      return { at, word: { code: field("C") ?? "57P01", message: field("M") ?? "The session was ended" } };
    }
    return undefined;
  }
}
