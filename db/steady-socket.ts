import { Socket, type ConnectOpts, type SocketConstructorOpts } from "node:net";
import { CopyJoiner } from "./copy-joiner";
import { type LastWord, ProtocolState } from "./protocol-state";

/** The part of the driver's parsed options that is needed to dial. */
interface DialOptions {
  host: string[];
  port: number[];
  path?: string;
  ssl?: unknown;
}

/** Longer than a transaction needs to end once one of its queries was rejected. */
const HOLD_MS = 1_000;
/** Longer than any transaction rests between two queries. */
const REST_MS_MAX = 15 * 60_000;
/** What the driver has at least in hand when it writes without waiting for `setImmediate`. */
const IMMEDIATE_BYTES_MIN = 1024;
/** Where the system puts what it has received, of any of the sockets: nothing stays there. */
const READING = Buffer.allocUnsafeSlow(256 * 1024);
/** A read that brings less has emptied the system's buffers. */
const FULL_READ_BYTES = 192 * 1024;
/** In this time a server does not fill the buffers between it and us, which have some hundred KiB and grow. */
const BREATH_MS = 4;
/**
 * A driver that has nothing to send on a new connection will never have; see {@link SteadySocket}. Counted from the
 * moment it is connected, and long enough for a process whose event loop is busy.
 */
const FIRST_WRITE_MS = 5_000;

/**
 * A socket that tells postgres.js of its end at a moment when the driver can bear it.
 *
 * postgres.js 3.4 collects small writes until `setImmediate`. If its "close" handler runs in between, the write finds
 * no socket, which is an uncaught exception that ends the process, or the write stays "scheduled" for ever and the
 * connection never sends again (porsager/postgres issues 1154, 1066, 1208). Both happen when a server is stopped in
 * the middle of a transaction: the driver then wants to send ROLLBACK.
 *
 * So the end is reported in two parts: "error" at once, which rejects what was sent; "close" when the driver has not
 * written anything for `holdMs`. What it writes in between is rejected. Two cases differ:
 *
 * - The pool goes on giving queries to a connection whose end it does not know, so that on a busy one silence may never
 *   come: after `holdMs`, "close" follows upon a write that `setImmediate` made, when nothing else can be scheduled.
 * - A transaction that rests must find the connection as it left it, however long it rests: on one that was made anew
 *   its next query would be carried out, outside of any transaction.
 */
class SteadySocket extends Socket {
  private state: "open" | "held" | "told" = "open";
  private readonly protocol = new ProtocolState();
  private readonly copies = new CopyJoiner();
  private lastWord: LastWord | undefined;
  private lostAtMs = 0;
  private hadError = false;
  private timer: NodeJS.Timeout | undefined;
  private hasWritten = false;
  private wasConnected = false;
  private isEndedByDriver = false;
  /** Whether the driver takes more of what comes, when it is given to it. */
  private isWanted = true;
  private breath: NodeJS.Timeout | undefined;

  constructor(private readonly holdMs: number) {
    super(readBy((data) => this.hear(data)));
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "connect") {
      this.wasConnected = true;
      this.timer = setTimeout(() => {
        if (!this.hasWritten) this.destroy(closedError());
      }, FIRST_WRITE_MS);
    }
    if (event !== "close" || this.state !== "open") return super.emit(event, ...args);
    this.hadError = args[0] === true;
    this.state = "held";
    this.lostAtMs = performance.now();
    unshadowWrite(this);
    clearTimeout(this.timer);
    clearTimeout(this.breath);
    // The driver has nothing in hand when it ends a connection itself, and before it has one.
    if (this.isEndedByDriver || !this.wasConnected) return this.tell();
    // Also after an error that has been told: the driver may have written since, and would take what it then waits for
    // for the first query of its next connection.
    this.fail();
    if (this.protocol.isResting) this.hold(REST_MS_MAX);
    else this.hold();
    return true;
  }

  private hear(data: Buffer): void {
    this.protocol.received(data);
    const joined = this.copies.push(data);
    if (this.copies.isCopying && data.length < FULL_READ_BYTES) this.breathe();
    // The driver would keep the server's last word, and reject the first query of its next connection with it: also a
    // refusal to connect, since the query in which an earlier session ended still counts as its present one.
    const last = this.copies.isCopying ? undefined : this.protocol.lastWordIn(joined);
    if (last) this.lastWord = last.word;
    const heard = last ? joined.subarray(0, last.at) : joined;
    // The driver keeps views of what it is given.
    if (heard.length > 0) super.emit("data", joined === data ? Buffer.from(heard) : heard);
    // It pauses for the data of a COPY only, and a stream that has ended never goes on: what comes then would not be read.
    if (!this.copies.isCopying && !this.isWanted) this.resume();
  }

  /**
   * Lets the system gather what the server sends. PostgreSQL makes the rows of a COPY more slowly than they are taken,
   * and sends a few KiB at a time: being woken for each costs more than all that is done with them.
   */
  private breathe(): void {
    super.pause();
    this.breath ??= setTimeout(() => {
      this.breath = undefined;
      if (this.isWanted) super.resume();
    }, BREATH_MS);
  }

  override pause(): this {
    this.isWanted = false;
    return super.pause();
  }

  override resume(): this {
    this.isWanted = true;
    return this.breath ? this : super.resume();
  }

  override write(data: string | Uint8Array, ...rest: never[]): boolean {
    this.hasWritten = true;
    this.protocol.sent();
    if (this.state === "open") return super.write(data, ...rest);
    const isScheduled = data.length < IMMEDIATE_BYTES_MIN && typeof rest[0] !== "function";
    process.nextTick(() => {
      if (this.state !== "held") return;
      this.fail();
      const isOverdue = performance.now() - this.lostAtMs >= this.holdMs;
      if (isOverdue && isScheduled && !this.protocol.inTransaction) this.tell();
      else this.hold();
    });
    return false;
  }

  /** Node itself ends a socket whose other side has ended, but says nothing then; the driver says goodbye. */
  override end(...args: never[]): this {
    this.isEndedByDriver ||= args.length > 0;
    return super.end(...args);
  }

  private fail(): void {
    if (this.listenerCount("error") > 0) super.emit("error", closedError(this.lastWord));
  }

  private hold(ms = this.holdMs): void {
    clearTimeout(this.timer);
    // A write that is scheduled by now comes before the immediate, and holds again.
    this.timer = setTimeout(() => {
      const { timer } = this;
      setImmediate(() => timer === this.timer && this.tell());
    }, ms);
    if (ms === REST_MS_MAX) this.timer.unref();
  }

  private tell(): boolean {
    clearTimeout(this.timer);
    if (this.state === "told") return false;
    this.state = "told";
    return super.emit("close", this.hadError);
  }
}

/** Options of a socket that hands over what it receives, in memory that is used again; "data" is not told. */
function readBy(hear: (data: Buffer) => void): SocketConstructorOpts & ConnectOpts {
  const callback = (length: number) => {
    hear(READING.subarray(0, length));
    return true;
  };
  return { onread: { buffer: READING, callback } };
}

/** `connect`, and the end of the other side, put a `write` of their own before that of the class. */
function unshadowWrite(socket: Socket): void {
  Reflect.deleteProperty(socket, "write");
}

function closedError(lastWord?: LastWord): Error {
  const { code, message } = lastWord ?? {
    code: "CONNECTION_CLOSED",
    message: "The connection to the database was closed",
  };
  return Object.assign(new Error(message), { code });
}

/**
 * Options for `postgres()` that make its connections survive a server that goes away and comes back.
 * @param holdMs how long the end of a connection without queries is kept back; short for one that only listens
 */
export function steady(holdMs: number = HOLD_MS) {
  return {
    /** Seconds before a connection that failed is tried again; by default up to twenty after an outage. */
    backoff: () => 0.2,
    socket: (options: DialOptions): Socket => {
      // Over TLS the driver writes to a socket of its own.
      const socket = options.ssl ? new Socket() : new SteadySocket(holdMs);
      const host = options.host[0] ?? "localhost";
      // A short COPY ends in small writes, each of which would wait for the server's delayed acknowledgement: 40 ms.
      socket.setNoDelay(true);
      if (options.path) socket.connect(options.path);
      else socket.connect(options.port[0] ?? 5432, host);
      unshadowWrite(socket);
      // The name that a certificate must have.
      return Object.assign(socket, { host });
    },
  };
}
