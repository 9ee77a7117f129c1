import type { ReadLimits } from "../types";
import { ReadStop } from "../read-stop";
import type { KeyTable } from "./key-table";
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  INCOMPLETE,
  JsonFault,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  ValueReader,
  shown,
  skipSpace,
} from "./tokens";

/** The column of records that are neither objects nor lists. */
const SCALAR_KEY = "(value)";

/** How the records of a table are written. "ferry" is an object that holds its values under "data". */
export type RecordShape = "plain" | "ferry";

/** Reads one record at a time into `row`; a record that is not all there leaves nothing behind. */
export class RecordReader {
  row: string[] = [];
  /** The record's own id (shape "ferry"). */
  id: string | undefined;
  /** Whether the record was a list, and whether all of its items were texts. */
  wasList = false;
  allTexts = false;
  private readonly value = new ValueReader();

  constructor(
    private readonly keys: KeyTable,
    private readonly limits: ReadLimits,
    private readonly shape: RecordShape,
  ) {}

  /** The record at `at`; returns the offset after it. */
  read(bytes: Buffer, at: number, end: number): number {
    this.row = [];
    this.id = undefined;
    this.wasList = false;
    const first = bytes[at]!;
    if (first === OPEN_OBJECT) {
      return this.shape === "ferry" ? this.readFerryRecord(bytes, at, end) : this.readObject(bytes, at, end);
    }
    if (first === OPEN_ARRAY) return this.readList(bytes, at, end);
    const next = this.value.read(bytes, at, end);
    if (next !== INCOMPLETE && this.value.text !== "")
      this.place(this.keys.indexOf(SCALAR_KEY), this.value.text);
    return next;
  }

  private readObject(bytes: Buffer, from: number, end: number): number {
    let at = skipSpace(bytes, from + 1, end);
    if (at < end && bytes[at] === CLOSE_OBJECT) return at + 1;
    let column = -1;
    for (;;) {
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== QUOTE)
        throw new JsonFault(at, `${shown(bytes, at)} stands where a key in quotes should`);
      const expected = this.keys.expected(bytes, at + 1, column);
      if (expected !== -1) {
        at += this.keys.keyLength(expected) + 2;
        column = expected;
      } else {
        at = this.value.readString(bytes, at, end);
        if (at === INCOMPLETE) return INCOMPLETE;
        column = this.keys.indexOf(this.value.text);
      }
      at = this.afterColon(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      at = this.value.read(bytes, at, end);
      if (at === INCOMPLETE) return INCOMPLETE;
      if (column !== -1) this.place(column, this.value.text);
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      const byte = bytes[at++];
      if (byte === CLOSE_OBJECT) return at;
      if (byte !== COMMA)
        throw new JsonFault(at - 1, `${shown(bytes, at - 1)} stands where "," or "}" should`);
    }
  }

  private readFerryRecord(bytes: Buffer, from: number, end: number): number {
    let at = skipSpace(bytes, from + 1, end);
    if (at < end && bytes[at] === CLOSE_OBJECT) return at + 1;
    let id: string | undefined;
    for (;;) {
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== QUOTE)
        throw new JsonFault(at, `${shown(bytes, at)} stands where a key in quotes should`);
      at = this.value.readString(bytes, at, end);
      if (at === INCOMPLETE) return INCOMPLETE;
      const key = this.value.text;
      at = this.afterColon(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      if (key === "data" && bytes[at] === OPEN_OBJECT) at = this.readObject(bytes, at, end);
      else {
        at = this.value.read(bytes, at, end);
        if (key === "id") id = this.value.text;
      }
      if (at === INCOMPLETE) return INCOMPLETE;
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      const byte = bytes[at++];
      if (byte === CLOSE_OBJECT) {
        this.id = id === "" ? undefined : id;
        return at;
      }
      if (byte !== COMMA)
        throw new JsonFault(at - 1, `${shown(bytes, at - 1)} stands where "," or "}" should`);
    }
  }

  private readList(bytes: Buffer, from: number, end: number): number {
    this.wasList = true;
    this.allTexts = true;
    let at = skipSpace(bytes, from + 1, end);
    if (at < end && bytes[at] === CLOSE_ARRAY) return at + 1;
    for (let column = 0; ; column++) {
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      if (bytes[at] !== QUOTE) this.allTexts = false;
      at = this.value.read(bytes, at, end);
      if (at === INCOMPLETE) return INCOMPLETE;
      this.place(column, this.value.text);
      at = skipSpace(bytes, at, end);
      if (at >= end) return INCOMPLETE;
      const byte = bytes[at++];
      if (byte === CLOSE_ARRAY) return at;
      if (byte !== COMMA)
        throw new JsonFault(at - 1, `${shown(bytes, at - 1)} stands where "," or "]" should`);
    }
  }

  /** Offset of the value behind the colon; `end` when it is not there yet. */
  private afterColon(bytes: Buffer, from: number, end: number): number {
    const at = skipSpace(bytes, from, end);
    if (at >= end) return end;
    if (bytes[at] !== COLON) throw new JsonFault(at, `${shown(bytes, at)} stands where ":" should`);
    return skipSpace(bytes, at + 1, end);
  }

  private place(column: number, text: string) {
    if (column === -1) return;
    const { row, limits } = this;
    if (text.length > limits.cellCharsMax) {
      throw new ReadStop("cell-too-long", `a value holds ${text.length} characters`, column + 1);
    }
    if (column >= limits.columnsMax) {
      throw new ReadStop(
        "too-many-columns",
        `a record has more than ${limits.columnsMax} values`,
        column + 1,
      );
    }
    // A key that comes twice: the last one wins, as everywhere. Nulls at the end leave the row short.
    if (text === "" && column >= row.length) return;
    while (row.length < column) row.push("");
    row[column] = text;
  }
}
