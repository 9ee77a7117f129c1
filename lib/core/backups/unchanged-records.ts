import {
  compileUnchanged,
  endOfDigits,
  isDayAt,
  isSecondAt,
  type UnchangedField,
} from "@/lib/core/fields/unchanged";
import type { Field } from "@/lib/core/fields/types";

const UUID_BYTES = 36;
/** A moment as PostgreSQL writes it for a backup: to the microsecond. */
const MOMENT_BYTES = 27;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BEFORE_ID = Buffer.from(`{"id":"`);
const BEFORE_VERSION = Buffer.from(`","version":`);
const BEFORE_CREATED = Buffer.from(`,"createdAt":"`);
const BEFORE_UPDATED = Buffer.from(`","updatedAt":"`);
const BEFORE_IMPORT = Buffer.from(`","importId":`);
const BEFORE_DATA = Buffer.from(`,"data":{`);
const NULL = Buffer.from("null");

/** Where the pieces of a record's line stand. */
export interface RecordPlaces {
  idStart: number;
  versionStart: number;
  versionEnd: number;
  createdStart: number;
  createdEnd: number;
  /** Of `data`, with its braces. */
  dataStart: number;
  dataEnd: number;
}

/**
 * Recognises the lines of a collection's records that are exactly as Ferry writes them, and whose values would come out
 * of their fields as they are: such a record can be handed on without being parsed. Any other line takes `parseLines`.
 */
export class UnchangedRecords implements RecordPlaces {
  idStart = 0;
  versionStart = 0;
  versionEnd = 0;
  createdStart = 0;
  createdEnd = 0;
  dataStart = 0;
  dataEnd = 0;
  private readonly fields: readonly (UnchangedField & { key: Buffer })[];

  constructor(fields: readonly Field[]) {
    this.fields = [...fields]
      .sort((a, b) => inOrderOfKeys(Buffer.from(a.name), Buffer.from(b.name)))
      .map((field) => ({ ...compileUnchanged(field), key: Buffer.from(`${JSON.stringify(field.name)}: `) }));
  }

  /**
   * Where the next line begins, after one that was recognised; its places are those of this object until the next call.
   * -1 for any other line. `bytes` are valid UTF-8 and end with a line feed.
   */
  next(bytes: Buffer, start: number): number {
    let at = after(bytes, start, BEFORE_ID);
    if (at === -1 || !isUuidAt(bytes, at)) return -1;
    this.idStart = at;
    at = this.versionStart = after(bytes, at + UUID_BYTES, BEFORE_VERSION);
    if (at === -1) return -1;
    at = this.versionEnd = endOfDigits(bytes, at);
    const digits = at - this.versionStart;
    // PostgreSQL's integers have ten digits at most.
    if (digits < 1 || digits > 9 || (digits > 1 && bytes[this.versionStart] === 0x30)) return -1;
    at = this.createdStart = after(bytes, at, BEFORE_CREATED);
    if (at === -1 || !isMomentAt(bytes, at)) return -1;
    at = this.createdEnd = at + MOMENT_BYTES;
    at = after(bytes, at, BEFORE_UPDATED);
    if (at === -1 || !isMomentAt(bytes, at)) return -1;
    at = afterImport(bytes, after(bytes, at + MOMENT_BYTES, BEFORE_IMPORT));
    at = after(bytes, at, BEFORE_DATA);
    if (at === -1) return -1;
    this.dataStart = at - 1;
    at = this.afterMembers(bytes, at);
    if (at === -1 || bytes[at] !== CLOSING_BRACE || bytes[at + 1] !== LINE_FEED) return -1;
    this.dataEnd = at;
    return at + 2;
  }

  /** Each field at most once, in the order in which jsonb keeps them: no other name, and none that is required left out. */
  private afterMembers(bytes: Buffer, start: number): number {
    const { fields } = this;
    let index = 0;
    let at = start;
    if (bytes[at] !== CLOSING_BRACE) {
      for (;;) {
        const field = fields[index++];
        if (field === undefined) return -1;
        const value = after(bytes, at, field.key);
        if (value === -1) {
          if (!field.optional) return -1;
          continue;
        }
        at = field.scan(bytes, value);
        if (at === -1) return -1;
        if (bytes[at] === CLOSING_BRACE) break;
        if (bytes[at] !== COMMA || bytes[at + 1] !== SPACE) return -1;
        at += 2;
      }
    }
    for (; index < fields.length; index++) if (!fields[index]!.optional) return -1;
    return at + 1;
  }
}

const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;
const SPACE = 0x20;

/** Where the bytes go on after these; -1 when they are others. */
function after(bytes: Buffer, at: number, expected: Buffer): number {
  if (at === -1) return -1;
  const { length } = expected;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return -1;
  return at + length;
}

function afterImport(bytes: Buffer, at: number): number {
  if (at === -1 || bytes[at] !== QUOTE) return after(bytes, at, NULL);
  return isUuidAt(bytes, at + 1) && bytes[at + 1 + UUID_BYTES] === QUOTE ? at + UUID_BYTES + 2 : -1;
}

const HEX = new Uint8Array(256);
for (const byte of Buffer.from("0123456789abcdef")) HEX[byte] = 1;

function isUuidAt(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < UUID_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return false;
    const isDash = i === 8 || i === 13 || i === 18 || i === 23;
    if (isDash ? byte !== 0x2d : HEX[byte] !== 1) return false;
  }
  return true;
}

/** YYYY-MM-DDTHH:MM:SS.uuuuuuZ */
function isMomentAt(bytes: Buffer, at: number): boolean {
  return (
    bytes[at + 19] === 0x2e &&
    bytes[at + 26] === 0x5a &&
    endOfDigits(bytes, at + 20) === at + 26 &&
    isDayAt(bytes, at) &&
    isSecondAt(bytes, at + 10)
  );
}

/** As jsonb orders them: shorter names first. */
function inOrderOfKeys(a: Buffer, b: Buffer): number {
  return a.length - b.length || Buffer.compare(a, b);
}
