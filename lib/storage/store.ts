/**
 * Where bytes rest: the port that every driver and wrapper fulfils (one contract suite checks them all).
 * Keys are "/"-separated lower-case segments of [a-z0-9._-]; no segment is "." or "..".
 */
export interface Store {
  /**
   * Writes a whole object. It appears under `key` only when every byte is down: a reader never sees half of it, and a
   * failed or aborted put leaves what was there before. Returns the number of bytes of `body`, whose pieces must stay as
   * they are once they were given.
   */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<{ sizeBytes: number }>;
  /**
   * The bytes [start, end) of an object; the whole of it by default. Throws ObjectMissingError before the first byte
   * if there is none, and ObjectDamagedError when what rests there is not what was put.
   */
  read(key: string, range?: { start?: number; end?: number }): AsyncIterable<Uint8Array>;
  /** Size in bytes as put, or undefined when there is no such object. */
  stat(key: string): Promise<{ sizeBytes: number } | undefined>;
  /** Removes an object; removing one that is not there succeeds. */
  delete(key: string): Promise<void>;
  /** Every key that begins with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<string>;
  /** Clears what puts of killed processes left, where they began before that moment; answers how many there were. */
  removeDrafts(before: Date): Promise<number>;
  /** Where clients may put bytes past Ferry; only stores that can sign addresses have it. */
  readonly incoming?: IncomingArea;
}

/**
 * A corner of a store to which clients write by signed addresses. What lies there is as it was sent: not sealed by
 * Ferry, and not to be trusted before it was checked. Its keys are apart from those of the store.
 */
export interface IncomingArea {
  /** An address to which whoever holds it may PUT exactly `sizeBytes` bytes as `key`, until `expiresAt`. */
  putUrl(key: string, sizeBytes: number, expiresAt: Date): Promise<string>;
  /** The bytes from `start` (0 by default) on. Throws ObjectMissingError when there is no such object. */
  read(key: string, start?: number): AsyncIterable<Uint8Array>;
  list(prefix: string): AsyncIterable<IncomingObject>;
  /** Removes an object; removing one that is not there succeeds. */
  delete(key: string): Promise<void>;
}

export interface IncomingObject {
  key: string;
  sizeBytes: number;
  /** The object store's own, without quotes. */
  etag: string;
  writtenAt: Date;
}

export class ObjectMissingError extends Error {
  constructor(readonly key: string) {
    super(`There is no stored object "${key}".`);
    this.name = "ObjectMissingError";
  }
}

export class ObjectDamagedError extends Error {
  constructor(
    readonly key: string,
    reason: string,
  ) {
    super(`The stored object "${key}" is damaged: ${reason}.`);
    this.name = "ObjectDamagedError";
  }
}
