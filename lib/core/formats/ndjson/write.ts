import type { ExportedCollection, ExportHead } from "../json/write";
import { exportMember } from "../json/write";

/*
 * Ferry's own NDJSON: one JSON value a line. The first line says everything about the collections; every other line is a
 * record, or, where there are several collections, says which one the records after it belong to:
 *
 *   {"ferry":{"format":"ferry-export","version":1,"layout":"lines",…},"collections":[{"id":…,"fields":[…]},…]}
 *   {"collection":"…id…"}
 *   {"id":"…","data":{…}}
 */

/** The first line. */
export function linesOpening(head: ExportHead, collections: readonly ExportedCollection[]): string {
  const { categories, ...rest } = head;
  const ferry = { ...exportMember(rest), layout: "lines" };
  return `${JSON.stringify({ ferry, collections, ...(categories ? { categories } : {}) })}\n`;
}

/** The line before the records of a collection that is not the only one of its file. */
export function collectionLine(id: string): string {
  return `${JSON.stringify({ collection: id })}\n`;
}
