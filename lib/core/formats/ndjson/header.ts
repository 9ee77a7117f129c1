import type { Field } from "@/lib/core/fields/types";
import { exportedAtOf, exportedFields, exportedKey, isFerryHeader, parsed } from "../json/ferry-export";

/** A collection as the first line of Ferry's NDJSON states it. */
export interface LinesCollection {
  id: string;
  name: string;
  fields: Field[];
  keyFields: string[];
  template?: string;
  recordCount: number;
}

export interface LinesHeader {
  collections: LinesCollection[];
  /** ISO 8601. */
  exportedAt?: string;
}

/** Whether a file begins like Ferry's own NDJSON. */
export function looksLikeLines(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 64 * 1024)).replace(/^\ufeff/, "");
  const firstLine = text.slice(0, text.includes("\n") ? text.indexOf("\n") : undefined);
  return /^\s*\{\s*"ferry"\s*:\s*\{/.test(firstLine) && /"layout"\s*:\s*"lines"/.test(firstLine);
}

/**
 * The header by the JSON of a file's first value; undefined when it is none of ours.
 * @throws FileProblem unsupported-format for a newer version
 */
export function linesHeaderOf(json: string): LinesHeader | undefined {
  const line = parsed(json);
  if (!isObject(line) || !isObject(line.ferry) || line.ferry.layout !== "lines") return undefined;
  const member = JSON.stringify(line.ferry);
  if (!isFerryHeader(member) || !Array.isArray(line.collections)) return undefined;
  return {
    collections: line.collections.map((item: unknown, index) => collectionOf(item, index)),
    exportedAt: exportedAtOf(member),
  };
}

function collectionOf(item: unknown, index: number): LinesCollection {
  const { id, name, template, fields, keyFields, recordCount } = isObject(item) ? item : {};
  return {
    id: typeof id === "string" ? id : "",
    name: typeof name === "string" ? name : `Collection ${index + 1}`,
    fields: exportedFields(JSON.stringify(fields ?? [])),
    keyFields: exportedKey(keyFields),
    ...(typeof template === "string" && { template }),
    recordCount: typeof recordCount === "number" && recordCount >= 0 ? Math.floor(recordCount) : 0,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
