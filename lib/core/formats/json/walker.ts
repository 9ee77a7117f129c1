import type { Scanner } from "../scan-window";
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

export type ValueKind = "object" | "array" | "scalar" | "none";

/** What to do with a value: go into it, pass over it, hand out its text, or read its items as records. */
export type Choice = "enter" | "skip" | "take" | RecordTable;

/** A list whose items are records. */
export interface RecordTable {
  /** Reads the record at `at` and returns the offset after it, INCOMPLETE when it is not all there. */
  reader: { read(bytes: Buffer, at: number, end: number): number };
  /** After each record; false ends the walk. */
  record(): boolean;
  /** True: the walk ends where the list does. */
  last: boolean;
}

export interface Visitor {
  /**
   * A value begins. `path` holds the keys and indexes that lead to it; `firstItem` is the kind of a list's first item.
   */
  choose(path: readonly (string | number)[], kind: ValueKind, firstItem: ValueKind): Choice;
  /** The text of a value that was to be taken. */
  taken?(path: readonly (string | number)[], json: string): void;
}

interface Frame {
  array: boolean;
  /** Key or index of the value being read. */
  at: string | number;
  table: RecordTable | undefined;
}

type State = "value" | "first-item" | "first-key" | "key" | "after-value" | "end";

/**
 * Walks through one JSON document piece by piece (see Scanner) and lets a visitor choose what to do with each value.
 * With `sequence` the document is a row of values instead, one record each (NDJSON).
 */
export class JsonWalker implements Scanner {
  /** True when the document has ended, or the visitor wants no more. */
  done = false;
  /** What stands after the end of the document, where nothing should: one more value of a sequence. */
  following: ValueKind = "none";
  private readonly frames: Frame[] = [];
  private readonly path: (string | number)[] = [];
  private readonly value = new ValueReader();
  private state: State = "value";
  /** Passing over a value: open brackets, and whether the place is inside a text or behind a backslash. */
  private skipDepth = 0;
  private skipInText = false;
  private skipEscaped = false;

  constructor(
    private readonly visitor: Visitor,
    readonly sequence?: RecordTable,
  ) {}

  /** True when the document may end here. */
  get complete(): boolean {
    return this.sequence ? this.skipDepth === 0 : this.state === "end";
  }

  scan(bytes: Buffer, end: number): number {
    let at = 0;
    while (!this.done) {
      if (this.skipDepth > 0) {
        at = this.skipOn(bytes, at, end);
        if (at >= end) return end;
      }
      at = skipSpace(bytes, at, end);
      if (at >= end) return end;
      const next = this.sequence ? this.readRecord(this.sequence, bytes, at, end) : this.step(bytes, at, end);
      if (next === INCOMPLETE) return at;
      at = next;
    }
    return at;
  }

  private readRecord(table: RecordTable, bytes: Buffer, at: number, end: number): number {
    const next = table.reader.read(bytes, at, end);
    if (next !== INCOMPLETE && !table.record()) this.done = true;
    return next;
  }

  private step(bytes: Buffer, at: number, end: number): number {
    const byte = bytes[at]!;
    const frame = this.frames.at(-1);
    switch (this.state) {
      case "end":
        this.following = kindOf(byte);
        throw new JsonFault(at, `${shown(bytes, at)} follows the end of the document`);
      case "first-item":
        if (byte === CLOSE_ARRAY) return this.leave(at);
        return this.beginValue(bytes, at, end);
      case "value":
        return this.beginValue(bytes, at, end);
      case "first-key":
        if (byte === CLOSE_OBJECT) return this.leave(at);
        return this.readKey(bytes, at, end);
      case "key":
        return this.readKey(bytes, at, end);
      case "after-value":
        if (!frame) throw new JsonFault(at, "the document has ended");
        if (byte === (frame.array ? CLOSE_ARRAY : CLOSE_OBJECT)) return this.leave(at);
        if (byte !== COMMA)
          throw new JsonFault(at, `${shown(bytes, at)} stands where a comma or bracket should`);
        if (frame.array) frame.at = Number(frame.at) + 1;
        this.state = frame.array ? "value" : "key";
        return at + 1;
    }
  }

  private readKey(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== QUOTE)
      throw new JsonFault(at, `${shown(bytes, at)} stands where a key in quotes should`);
    const after = this.value.readString(bytes, at, end);
    if (after === INCOMPLETE) return INCOMPLETE;
    const colon = skipSpace(bytes, after, end);
    if (colon >= end) return INCOMPLETE;
    if (bytes[colon] !== COLON) throw new JsonFault(colon, `${shown(bytes, colon)} stands where ":" should`);
    this.frames.at(-1)!.at = this.value.text;
    this.state = "value";
    return colon + 1;
  }

  private beginValue(bytes: Buffer, at: number, end: number): number {
    const frame = this.frames.at(-1);
    if (frame?.table) {
      const next = this.readRecord(frame.table, bytes, at, end);
      if (next !== INCOMPLETE) this.state = "after-value";
      return next;
    }
    const kind = kindOf(bytes[at]!);
    const inside = kind === "array" ? skipSpace(bytes, at + 1, end) : end - 1;
    if (inside >= end) return INCOMPLETE;
    if (frame) this.path[this.frames.length - 1] = frame.at;
    this.path.length = this.frames.length;
    const choice = this.visitor.choose(this.path, kind, kind === "array" ? kindOf(bytes[inside]!) : "none");
    if (choice === "take" || kind === "scalar" || kind === "none") {
      const next = this.value.read(bytes, at, end);
      if (next === INCOMPLETE) return INCOMPLETE;
      if (choice === "take") this.visitor.taken?.(this.path, bytes.toString("utf8", at, next));
      this.afterValue();
      return next;
    }
    if (choice === "skip") {
      this.skipDepth = 1;
      return at + 1;
    }
    const array = kind === "array";
    this.frames.push({ array, at: 0, table: choice === "enter" ? undefined : choice });
    this.state = array ? "first-item" : "first-key";
    return at + 1;
  }

  private leave(at: number): number {
    const frame = this.frames.pop();
    // Behind a list that is the whole document only its end is left to check.
    if (frame?.table?.last && this.frames.length > 0) this.done = true;
    this.afterValue();
    return at + 1;
  }

  private afterValue() {
    this.state = this.frames.length === 0 ? "end" : "after-value";
  }

  private skipOn(bytes: Buffer, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!;
      if (this.skipInText) {
        if (this.skipEscaped) this.skipEscaped = false;
        else if (byte === 0x5c) this.skipEscaped = true;
        else if (byte === QUOTE) this.skipInText = false;
      } else if (byte === QUOTE) this.skipInText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.skipDepth++;
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --this.skipDepth === 0) {
        this.afterValue();
        return at + 1;
      }
    }
    return end;
  }
}

function kindOf(byte: number): ValueKind {
  if (byte === OPEN_OBJECT) return "object";
  if (byte === OPEN_ARRAY) return "array";
  return byte === CLOSE_ARRAY || byte === CLOSE_OBJECT ? "none" : "scalar";
}
