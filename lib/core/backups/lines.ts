import { damaged } from "./errors";
import type { PartKind } from "./manifest";
import { isRecordOf, isText, isUuidText, isWhole } from "./shapes";

/** A collection as a backup holds it. Every backup lists all: one that is missing had been deleted. */
export interface BackedCollection {
  id: string;
  name: string;
  template: string | null;
  fields: unknown[];
  keyFields: string[];
  matching: unknown;
  createdAt: string;
  updatedAt: string;
}

/** A record as a backup holds it. */
export interface BackedRecord {
  id: string;
  version: number;
  /** ISO 8601 UTC with microseconds, as PostgreSQL keeps it. */
  createdAt: string;
  updatedAt: string;
  /** The import that last wrote it; null = by hand. */
  importId: string | null;
  data: Record<string, string | number | boolean>;
}

/** A record that was there in an earlier backup of the chain and is no more. */
export interface BackedDeletion {
  collectionId: string;
  id: string;
}

export interface LineOf {
  collections: BackedCollection;
  records: BackedRecord;
  deletions: BackedDeletion;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * The lines of a part.
 * @throws BackupProblem when a line is not what its kind of part holds
 */
export function* parseLines<K extends PartKind>(
  kind: K,
  name: string,
  bytes: Uint8Array,
): Generator<LineOf[K]> {
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a) throw damaged(`the last line of "${name}" is cut short`);
  const together = parseTogether<LineOf[K]>(kind, bytes);
  if (together) return yield* together;
  let number = 0;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    number++;
    yield parseLine(kind, name, number, bytes.subarray(at, end));
    at = end + 1;
  }
}

/**
 * All lines by one call of the JSON parser, which is what makes reading a million of them bearable; undefined when they
 * are not all what they should be, or one is none: then they are looked at one by one, to say which.
 */
function parseTogether<T>(kind: PartKind, bytes: Uint8Array): T[] | undefined {
  try {
    // No line feed stands inside JSON text: each ends a line.
    const text = decoder.decode(bytes.subarray(0, -1)).replaceAll("\n", ",");
    const lines = JSON.parse(`[${text}]`) as unknown[];
    return lines.length === countLines(bytes) && lines.every(TESTS[kind]) ? (lines as T[]) : undefined;
  } catch {
    return undefined;
  }
}

export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}

function parseLine<K extends PartKind>(kind: K, name: string, number: number, bytes: Uint8Array): LineOf[K] {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(bytes));
  } catch {
    throw damaged(`line ${number} of "${name}" is not JSON`);
  }
  if (!TESTS[kind](json)) throw damaged(`line ${number} of "${name}" is not one of ${kind}`);
  return json as LineOf[K];
}

const isObject = (value: unknown) => isRecordOf(value, {});
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isMoment = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value));

const TESTS: Record<PartKind, (json: unknown) => boolean> = {
  collections: (json) =>
    isRecordOf(json, {
      id: isUuidText,
      name: isText,
      template: isTextOrNull,
      fields: (v) =>
        Array.isArray(v) && v.every((field) => isRecordOf(field, { name: isText, type: isText })),
      keyFields: (v) => Array.isArray(v) && v.every(isText),
      matching: (v) => v === null || isObject(v),
      createdAt: isMoment,
      updatedAt: isMoment,
    }),
  records: (json) =>
    isRecordOf(json, {
      id: isUuidText,
      version: isWhole,
      createdAt: isMoment,
      updatedAt: isMoment,
      importId: (v) => v === null || isUuidText(v),
      data: isObject,
    }),
  deletions: (json) => isRecordOf(json, { collectionId: isUuidText, id: isUuidText }),
};
