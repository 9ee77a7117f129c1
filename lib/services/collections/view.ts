import type { CollectionRow } from "@/db/queries/collections";
import type { Collection } from "@/lib/contracts/collections";
import type { Field } from "@/lib/core/fields/types";
import { TEMPLATE_IDS } from "@/lib/core/templates/types";

export function collectionView(row: CollectionRow): Collection {
  return {
    id: row.id,
    name: row.name,
    template: TEMPLATE_IDS.find((id) => id === row.template) ?? null,
    fields: storedFields(row),
    keyFields: row.keyFields,
    recordCount: row.recordCount,
    revision: row.revision,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The fields as they were checked when they were stored. */
export function storedFields(row: Pick<CollectionRow, "fields">): Field[] {
  return row.fields as Field[];
}
