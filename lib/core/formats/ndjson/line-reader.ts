import type { ReadLimits } from "../types";
import type { KeyTable } from "../json/key-table";
import { RecordReader } from "../json/record-reader";
import { INCOMPLETE, OPEN_OBJECT, ValueReader, skipNested, skipSpace } from "../json/tokens";
import { parsed } from "../json/ferry-export";
import { linesHeaderOf, type LinesHeader } from "./header";

const MEMBER = Buffer.from('"collection"');

/** What the line that was read last is. "other" is a record of a collection that nobody asked for. */
export type LineKind = "header" | "marker" | "record" | "other";

/**
 * Reads Ferry's NDJSON line by line: the header first, then only the records of one collection; those of the others are
 * passed over by their brackets.
 */
export class LineReader {
  kind: LineKind = "header";
  header: LinesHeader | undefined;
  /** Index of the collection whose records are being read; -1 before the first. */
  current = -1;
  /** The collection wanted; chosen by whoever reads, once the header is there. */
  private records: RecordReader | undefined;
  private wanted = -1;
  private readonly value = new ValueReader();

  want(index: number, keys: KeyTable, limits: ReadLimits): RecordReader {
    this.wanted = index;
    this.records = new RecordReader(keys, limits, "ferry");
    return this.records;
  }

  read(bytes: Buffer, at: number, end: number): number {
    if (this.header === undefined) return this.readHeader(bytes, at, end);
    const marker = isMarker(bytes, at, end);
    if (marker === INCOMPLETE) return INCOMPLETE;
    if (marker === 1) return this.readMarker(bytes, at, end);
    if (this.records && this.current === this.wanted) {
      this.kind = "record";
      return this.records.read(bytes, at, end);
    }
    this.kind = "other";
    return bytes[at] === OPEN_OBJECT ? skipNested(bytes, at, end) : this.value.read(bytes, at, end);
  }

  private readHeader(bytes: Buffer, at: number, end: number): number {
    const next = this.value.read(bytes, at, end);
    if (next === INCOMPLETE) return INCOMPLETE;
    this.kind = "header";
    this.header = linesHeaderOf(this.value.text) ?? { collections: [] };
    if (this.header.collections.length === 1) this.current = 0;
    return next;
  }

  private readMarker(bytes: Buffer, at: number, end: number): number {
    const next = this.value.read(bytes, at, end);
    if (next === INCOMPLETE) return INCOMPLETE;
    const id = (parsed(this.value.text) as { collection?: unknown } | undefined)?.collection;
    this.kind = "marker";
    this.current = this.header?.collections.findIndex((collection) => collection.id === id) ?? -1;
    return next;
  }
}

/** 1 when the object at `at` begins with the member "collection", 0 when not, INCOMPLETE when it cannot be told yet. */
function isMarker(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] !== OPEN_OBJECT) return 0;
  const start = skipSpace(bytes, at + 1, end);
  for (let i = 0; i < MEMBER.length; i++) {
    if (start + i >= end) return INCOMPLETE;
    if (bytes[start + i] !== MEMBER[i]) return 0;
  }
  return 1;
}
