import { exportedAtOf, isFerryHeader } from "./ferry-export";
import { walkThrough } from "./stream";
import { JsonWalker } from "./walker";
import { FileProblem, type ByteSource } from "../types";

export interface Outline {
  /** Ferry's own export. */
  ferry: boolean;
  /** When that export was made (ISO 8601), if it says so. */
  exportedAt?: string;
  /** Several values one after another (NDJSON), or a single object without any list of records. */
  sequence: boolean;
}

/** Lists and objects that are one line of several are short, and an export says at its beginning that it is one. */
const LIST_BYTES_MAX = 1 << 20;
const OBJECT_BYTES_MAX = 8 << 20;

/** What kind of document a file is, from its outermost level; the rest is passed over. */
export async function outlineOf(file: ByteSource, encoding: string): Promise<Outline> {
  const outline: Outline = { ferry: false, sequence: false };
  let isList = false;
  let tables = 0;
  let ownValues = 0;
  const walker = new JsonWalker({
    choose: (path, kind, firstItem) => {
      if (path.length === 0) isList = kind === "array";
      if (path.length === 1 && kind === "scalar") ownValues++;
      if (path.length === 0 && kind === "object") return "enter";
      if (path.length === 1 && path[0] === "ferry" && kind === "object") return "take";
      if (kind === "array" && (firstItem === "object" || firstItem === "array")) tables++;
      return kind === "object" && path.length < 6 ? "enter" : "skip";
    },
    taken: (_path, json) => {
      outline.ferry ||= isFerryHeader(json);
      outline.exportedAt = exportedAtOf(json);
    },
  });
  const progress = { bytesRead: 0, row: 1 };
  try {
    for await (const _ of walkThrough(file, encoding, walker, progress)) {
      if (outline.ferry) return outline;
      if (progress.bytesRead >= (isList ? LIST_BYTES_MAX : OBJECT_BYTES_MAX)) return outline;
    }
  } catch (error) {
    // The walk that reads the records tells what is broken; here only a newer export is told at once.
    if (error instanceof FileProblem && error.code === "unsupported-format") throw error;
  }
  const another = walker.following === (isList ? "array" : "object");
  outline.sequence = another || (!isList && tables === 0 && ownValues > 0);
  return outline;
}
