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

/** What an export says of itself. */
export interface ExportHead {
  exportedAt: Date;
  /** What was withheld, and how (lib/core/privacy). */
  privacy?: object;
  /** Data besides collections, by category. */
  categories?: object;
}

/** The member by which an export of any JSON shape is known (see ferry-export.ts). */
export function exportMember({ exportedAt, privacy }: Omit<ExportHead, "categories">): object {
  return {
    format: "ferry-export",
    version: 1,
    exportedAt: exportedAt.toISOString(),
    ...(privacy ? { privacy } : {}),
  };
}

export function exportOpening(head: ExportHead): string {
  const { categories } = head;
  const more = categories ? `"categories":${JSON.stringify(categories)},` : "";
  return `{"ferry":${JSON.stringify(exportMember(head))},${more}"collections":[`;
}

export function collectionOpening(collection: ExportedCollection, isFirst: boolean): string {
  const { id, name, template, fields, keyFields, recordCount } = collection;
  const head = JSON.stringify({ id, name, template, fields, keyFields, recordCount });
  return `${isFirst ? "\n" : ",\n"}${head.slice(0, -1)},"records":[\n`;
}

export const COLLECTION_CLOSING = "]}";
export const EXPORT_CLOSING = "\n]}\n";
