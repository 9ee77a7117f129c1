import type { ActionRules } from "./import-actions";
import type { RecordIds } from "./row-id";

interface ApplyInput {
  importId: string;
  collectionId: string;
  ownerId: string;
  ids: RecordIds;
  /** The collection's own key: what a stored record's hash is made of. */
  keyFields: readonly string[];
  /** True when the staged hash was made of the same fields. */
  stagedHashIsOwn: boolean;
  rules: ActionRules;
  /** Fields of the collection that the file does not fill. */
  unmappedFields: readonly string[];
  /** Earlier imports of the same source that still stand. */
  deliveries: readonly string[];
}

export interface ChunkInput extends ApplyInput {
  chunk: number;
  /** Rows firstRow…lastRow of the file, both included. */
  firstRow: number;
  lastRow: number;
}

export interface ChunkCounts {
  inserted: number;
  updated: number;
  deleted: number;
  unchanged: number;
  skipped: number;
  invalid: number;
}
