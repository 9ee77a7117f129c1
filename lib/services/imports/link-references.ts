import type { SqlTransaction } from "@/db/client";
import {
  type Dangling,
  findDangling,
  linkReferences,
  linkWithinFile,
  type ReferenceField,
} from "@/db/bulk/import-references";
import { referencedCollections } from "@/db/queries/import-sources";
import type { RunningImport } from "./running";

/** The reference fields that a column feeds and whose collection is there. */
export async function referenceFields(tx: SqlTransaction, running: RunningImport): Promise<ReferenceField[]> {
  const fields = running.target.fields.filter(
    (f) => f.type === "reference" && f.references && running.rules.mappedFields.includes(f.name),
  );
  const there = await referencedCollections(tx, running.row.ownerId, [
    ...new Set(fields.map((f) => f.references!)),
  ]);
  return fields.flatMap((field) => {
    const collection = there.find((c) => c.id === field.references);
    if (!collection) return [];
    const keyField = collection.keyFields.length === 1 ? collection.keyFields[0] : undefined;
    return [{ name: field.name, collectionId: collection.id, keyField }];
  });
}

/** Links references to records that are there already: before matching, since a reference may be part of the key. */
export async function linkToRecords(
  tx: SqlTransaction,
  running: RunningImport,
  fields: readonly ReferenceField[],
): Promise<void> {
  for (const field of fields) await linkReferences(tx, running.row.id, field);
}

/** Links references to other rows of the file; true when there are such fields, so that matching has to look again. */
export async function linkToRows(
  tx: SqlTransaction,
  running: RunningImport,
  fields: readonly ReferenceField[],
): Promise<boolean> {
  const own = fields.filter((f) => f.collectionId === running.collection?.id);
  for (const field of own) await linkWithinFile(tx, running.row.id, running.row.idPrefix, field.name);
  return own.length > 0;
}

export async function danglingReferences(
  tx: SqlTransaction,
  running: RunningImport,
  fields: readonly ReferenceField[],
): Promise<Dangling[]> {
  const found: Dangling[] = [];
  for (const field of fields) {
    const { id, idPrefix } = running.row;
    const dangling = await findDangling(tx, id, idPrefix, field, running.collection?.id);
    if (dangling) found.push(dangling);
  }
  return found;
}
