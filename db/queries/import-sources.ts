import type { AnySql } from "@/db/client";

/** Imports of the same source into the same collection that still stand, this one excluded. */
export async function deliveriesOf(
  sql: AnySql,
  source: { importId: string; collectionId: string; sourceKey: string },
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from imports
    where collection_id = ${source.collectionId} and source_key = ${source.sourceKey} and id <> ${source.importId}
      and state in ('completed', 'completed_with_errors', 'cancelled')`;
  return rows.map((row) => row.id);
}

/** The collections that reference fields point to, as far as they belong to the owner, with their key fields. */
export async function referencedCollections(
  sql: AnySql,
  ownerId: string,
  ids: readonly string[],
): Promise<{ id: string; keyFields: string[] }[]> {
  if (ids.length === 0) return [];
  return await sql<{ id: string; keyFields: string[] }[]>`
    select id, key_fields as "keyFields" from collections
    where owner_id = ${ownerId} and id::text = any(${ids as string[]})`;
}
