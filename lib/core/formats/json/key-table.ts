import { ReadStop } from "../read-stop";
import { QUOTE } from "./tokens";

/** The column of a key that is the empty string. */
const EMPTY_KEY = "(empty)";
const UNKNOWN_KEYS_MAX = 1_000;

/**
 * The columns of records that are objects: their keys in the order in which they first appear. Detection lets it grow;
 * while reading, the columns are fixed and keys that are not among them are noted.
 */
export class KeyTable {
  readonly columns: string[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly keyBytes: Buffer[] = [];
  private unknown: string[] = [];
  private readonly unknownSeen = new Set<string>();

  /** `columnsMax` undefined: no column is added to `columns`. */
  constructor(
    columns: readonly string[],
    private readonly columnsMax?: number,
  ) {
    for (const column of columns) this.add(column);
  }

  /**
   * The column of the key whose text stands between `start` and a quote, if it is the one after `previous`: records of
   * one file mostly have their keys in one order. -1 otherwise.
   */
  expected(bytes: Buffer, start: number, previous: number): number {
    const index = previous + 1;
    const key = this.keyBytes[index];
    if (key === undefined || bytes[start + key.length] !== QUOTE) return -1;
    for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return -1;
    return index;
  }

  keyLength(index: number): number {
    return this.keyBytes[index]!.length;
  }

  /** The column of a key, -1 when there is none for it. */
  indexOf(key: string): number {
    const column = key === "" ? EMPTY_KEY : key;
    const index = this.indexes.get(column);
    if (index !== undefined) return index;
    if (this.columnsMax === undefined) {
      if (!this.unknownSeen.has(column) && this.unknownSeen.size < UNKNOWN_KEYS_MAX) {
        this.unknownSeen.add(column);
        this.unknown.push(column);
      }
      return -1;
    }
    if (this.columns.length >= this.columnsMax) {
      throw new ReadStop("too-many-columns", `the records have more than ${this.columnsMax} different keys`);
    }
    return this.add(column);
  }

  /** Unknown keys met since the last call. */
  takeUnknown(): string[] {
    const taken = this.unknown;
    this.unknown = [];
    return taken;
  }

  private add(column: string): number {
    const index = this.columns.push(column) - 1;
    this.indexes.set(column, index);
    // A key with escapes is never equal to its bytes, and so simply takes the slower way.
    this.keyBytes.push(Buffer.from(column === EMPTY_KEY ? "" : column));
    return index;
  }
}
