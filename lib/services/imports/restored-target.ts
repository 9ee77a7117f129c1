import type { CollectionRow } from "@/db/queries/imports";
import type { RestoredPart } from "@/db/schema";
import type { ImportOptions } from "@/lib/contracts/imports";
import type { Field } from "@/lib/core/fields/types";
import type { Target } from "./target";

/** Where the rows of a backup's collection go: its own fields, by their names, among those that the collection has. */
export function restoredTarget(part: RestoredPart, collection: CollectionRow | undefined): Target {
  const fields = part.fields as Field[];
  const there = new Set(collection?.fields.map((field) => field.name));
  return {
    fields,
    keyFields: part.made?.keyFields ?? collection?.keyFields ?? [],
    createdFields: fields.map((field) => field.name).filter((name) => !there.has(name)),
    columnIndexes: fields.map((field) => part.filled.indexOf(field.name)),
    problems: [],
  };
}

/** How many of the records made since the backup a restore of this collection removes: all, where it overwrites. */
export function removedSince(part: RestoredPart, options: Pick<ImportOptions, "onConflict">): number {
  return options.onConflict === "overwrite" ? (part.gone ?? 0) : 0;
}
