import type { Field } from "@/lib/core/fields/types";

/*
 * The envelope of Ferry's own JSON export. Everything that says how to read the records stands before them, so that a
 * reader needs one pass; the records themselves are made by the database.
 */

export interface ExportedCollection {
  id: string;
  name: string;
  template: string | null;
  fields: readonly Field[];
  keyFields: readonly string[];
  recordCount: number;
}

export function exportOpening(exportedAt: Date): string {
  const ferry = { format: "ferry-export", version: 1, exportedAt: exportedAt.toISOString() };
  return `{"ferry":${JSON.stringify(ferry)},"collections":[`;
}

export function collectionOpening(collection: ExportedCollection, isFirst: boolean): string {
  const { id, name, template, fields, keyFields, recordCount } = collection;
  const head = JSON.stringify({ id, name, template, fields, keyFields, recordCount });
  return `${isFirst ? "\n" : ",\n"}${head.slice(0, -1)},"records":[\n`;
}

export const COLLECTION_CLOSING = "]}";
export const EXPORT_CLOSING = "\n]}\n";
