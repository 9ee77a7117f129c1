import { damaged } from "./errors";
import type { PartKind } from "./manifest";
import { isMoment } from "./moments";
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

/** What its person has set for the account. */
export interface BackedSetting {
  /** name: of the person · delivery: how they are told of a topic · matchingRule: of a collection */
  setting: string;
  /** The topic or the collection it is set for; empty for the account as a whole. */
  about: string;
  value: unknown;
}

/** A notification that the person was shown. */
export interface BackedNotice {
  id: string;
  kind: string;
  subjectId: string | null;
  title: string;
  message: string;
  mail: string;
  createdAt: string;
  readAt: string | null;
  resolvedAt: string | null;
}

/** Figures of a collection, for whoever reads the backup: computed from its records, so that no restore needs them. */
export interface BackedFigures {
  collectionId: string;
  collection: string;
  fields: number;
  records: number;
  imported: number;
  byHand: number;
  firstRecordAt: string | null;
  lastChangeAt: string | null;
}

export interface LineOf {
  collections: BackedCollection;
  records: BackedRecord;
  deletions: BackedDeletion;
  preferences: BackedSetting;
  notifications: BackedNotice;
  analytics: BackedFigures;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * The lines of a part, or those of it that stand after so many others.
 * @throws BackupProblem when a line is not what its kind of part holds
 */
export function* parseLines<K extends PartKind>(
  kind: K,
  name: string,
  bytes: Uint8Array,
  linesBefore = 0,
): Generator<LineOf[K]> {
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a) throw damaged(`the last line of "${name}" is cut short`);
  let number = linesBefore;
  for (let start = 0; start < bytes.length;) {
    const run = bytes.subarray(start, endOfRun(bytes, start));
    start += run.length;
    const together = parseTogether<LineOf[K]>(kind, run);
    if (together) {
      number += together.length;
      for (const line of together) yield line;
      continue;
    }
    for (let at = 0; at < run.length;) {
      const end = run.indexOf(0x0a, at);
      yield parseLine(kind, name, ++number, run.subarray(at, end));
      at = end + 1;
    }
  }
}

/** Whole lines of about so many bytes are parsed at once: more, and what is parsed grows old before it is used. */
const RUN_BYTES = 128 * 1024;

function endOfRun(bytes: Uint8Array, start: number): number {
  if (bytes.length - start <= RUN_BYTES) return bytes.length;
  return bytes.indexOf(0x0a, start + RUN_BYTES) + 1;
}

/**
 * Lines by one call of the JSON parser, which is what makes reading a million of them bearable; undefined when they are
 * not all what they should be: then they are looked at one by one, to say which.
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
const isMomentOrNull = (value: unknown) => value === null || isMoment(value);
const isIdOrNull = (value: unknown) => value === null || isUuidText(value);

/** There are a million of these: looking each member up by name would take longer than parsing them. */
function isRecord(json: unknown): boolean {
  if (typeof json !== "object" || json === null) return false;
  const { id, version, createdAt, updatedAt, importId, data } = json as Partial<Record<string, unknown>>;
  return (
    isUuidText(id) &&
    isWhole(version) &&
    isMoment(createdAt) &&
    isMoment(updatedAt) &&
    (importId === null || isUuidText(importId)) &&
    isObject(data)
  );
}

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
  records: isRecord,
  deletions: (json) => isRecordOf(json, { collectionId: isUuidText, id: isUuidText }),
  preferences: (json) =>
    isRecordOf(json, { setting: isText, about: isText, value: (v) => v !== undefined && v !== null }),
  notifications: (json) =>
    isRecordOf(json, {
      id: isUuidText,
      kind: isText,
      subjectId: isIdOrNull,
      title: isText,
      message: isText,
      mail: isText,
      createdAt: isMoment,
      readAt: isMomentOrNull,
      resolvedAt: isMomentOrNull,
    }),
  analytics: (json) =>
    isRecordOf(json, {
      collectionId: isUuidText,
      collection: isText,
      fields: isWhole,
      records: isWhole,
      imported: isWhole,
      byHand: isWhole,
      firstRecordAt: isMomentOrNull,
      lastChangeAt: isMomentOrNull,
    }),
};
